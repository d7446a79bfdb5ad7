using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Ingest;
using AptRl.Model.Learning;
using AptRl.Model.Native;
using AptRl.Model.Training;
using Spectre.Console;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl train</c>: fits an encoder to a log of events.</summary>
internal static class TrainCommand
{
    // Enough to know 48 numbers by, and a few seconds.
    private const int QuestionsMax = 10_000;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Option<string?> Input = new("--input")
    {
        Description = "Log of events: .ndjson, .jsonl, .json, .csv or .tsv, each also with .gz.",
    };

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "Instead of --input: folder of a data set, of which the training part is fitted.",
    };

    private static readonly Option<string?> Format = new("--format")
    {
        Description = "What the folder of --data holds: train_sessions.txt and test_pairs.tsv, sequences.txt, or events.tsv or .csv; each also with .gz.",
    };

    private static readonly Option<string?> Columns = new("--columns")
    {
        Description = "Which column of a CSV or TSV file holds what: user=..,time=..,type=..,item=..",
    };

    private static readonly Option<string> Out = new("--out")
    {
        Description = "Where to write the weights (.safetensors) and their card (.json).",
        DefaultValueFactory = _ => "encoder.safetensors",
    };

    private static readonly Option<int> Epochs = new("--epochs")
    {
        Description = "Passes over the log at most; it stops earlier when validation no longer gets better.",
        DefaultValueFactory = _ => new TrainingOptions().EpochsMax,
    };

    private static readonly Option<int> Width = new("--width")
    {
        Description = "Numbers in a state and in an item's vector; a multiple of 2.",
        DefaultValueFactory = _ => new EncoderOptions().Width,
    };

    private static readonly Option<int> Layers = new("--layers")
    {
        Description = "Attention blocks.",
        DefaultValueFactory = _ => new EncoderOptions().Layers,
    };

    private static readonly Option<double> Dropout = new("--dropout")
    {
        Description = "Share of the numbers of the touches that training drops.",
        DefaultValueFactory = _ => new EncoderOptions().InputDropout,
    };

    private static readonly Option<double> LearningRate = new("--learning-rate")
    {
        Description = "Largest step size; wide encoders want smaller steps.",
        DefaultValueFactory = _ => new TrainingOptions().LearningRate,
    };

    private static readonly Option<string[]> Set = new("--set")
    {
        Description = $"NAME=VALUE, may be repeated, and wins over the options above: any of {OptionSettings.Names}.",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<double> Newest = new("--newest")
    {
        Description = "Fit only the newest share of the sequences, above 0 and up to 1, for experiments; 'evaluate --model' cannot judge such an encoder.",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<bool> Refit = new("--refit")
    {
        Description = "Fit everything again once the best number of epochs is known, the held-out part included. The figures on the card are then those of the first fit.",
    };

    private static readonly Option<double> PriorRows = new("--prior")
    {
        Description = "With --input: rows of evidence, such as 2000, that what came next in the log weighs for learners that begin with this encoder; 0 is none. The log must be in order of time.",
        DefaultValueFactory = _ => 0,
    };

    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "The same seed on the same log gives the same weights.",
        DefaultValueFactory = _ => new TrainingOptions().Seed,
    };

    private static readonly Option<string?> JsonFile = new("--json")
    {
        Description = "File for the result, for machines.",
    };

    static TrainCommand() => Format.AcceptOnlyFromAmong([.. Enum.GetNames<DataFormat>().Select(name => name.ToLowerInvariant())]);

    public static Command Create()
    {
        var command = new Command("train", "Fits an encoder to a log of events or a data set, by next-item prediction.")
        {
            Input, Data, Format, Columns, Out, Epochs, Width, Layers, Dropout, LearningRate, Set, Newest, Refit, PriorRows, Seed, JsonFile,
        }.WithExamples(
            "aptrl train --input events.ndjson.gz --out models/shop.safetensors",
            "aptrl train --input events.tsv --columns user=user,time=unix_seconds,type=event,item=item",
            "aptrl train --input events.ndjson.gz --prior 2000",
            "aptrl train --data retailrocket-sessions --format sessions --width 64 --learning-rate 0.005 --out models/rr.safetensors",
            "aptrl train --data retailrocket-sessions --format sessions --newest 0.4 --set block=plain --set labelSmoothing=0.1",
            "aptrl train --input events.csv --width 64 --epochs 40 --json fit.json && aptrl serve --model encoder.safetensors");
        command.Validators.Add(result =>
        {
            if (result.GetResult(Input) is null == result.GetResult(Data) is null)
            {
                result.AddError("give either --input FILE or --data FOLDER --format FORMAT");
            }
            else if (result.GetResult(PriorRows) is { Implicit: false } && (result.GetResult(Input) is null || result.GetValue(PriorRows) is not (>= 0 and < double.PositiveInfinity)))
            {
                result.AddError("--prior is 0 or more rows made from a log of events: give it with --input");
            }
            else if (result.GetResult(Data) is null != result.GetResult(Format) is null)
            {
                result.AddError("--format says what the folder of --data holds: give both or neither");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(Newest) is { Errors: var errors } && !errors.Any() && result.GetValue(Newest) is not (> 0 and <= 1))
            {
                result.AddError("--newest is a share of the sequences: give a number above 0 and up to 1");
            }
        });
        command.SetAction((arguments, cancellation) => Task.Run(() => Run(arguments, cancellation), cancellation));
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            var clock = Stopwatch.StartNew();
            var error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(arguments.InvocationConfiguration.Error) });
            var shape = new EncoderOptions { Width = arguments.GetValue(Width), Layers = arguments.GetValue(Layers), InputDropout = arguments.GetValue(Dropout) };
            var options = new TrainingOptions
            {
                EpochsMax = arguments.GetValue(Epochs),
                LearningRate = arguments.GetValue(LearningRate),
                Refit = arguments.GetValue(Refit),
                Seed = arguments.GetValue(Seed),
            };
            var settings = arguments.GetValue(Set)!;
            (shape, options) = OptionSettings.Apply(shape, options, settings);
            CheckUsage(shape, options, settings);

            TorchRuntime.UseThreads(Environment.ProcessorCount);
            var (everything, rejected) = Read(arguments, error, cancellation);
            var dataset = everything.Newest(arguments.GetValue(Newest));
            using var model = Fit(dataset, shape, options, $"{arguments.GetValue(Out)}.checkpoint", error, cancellation);
            model.Save(arguments.GetValue(Out)!, PriorOf(arguments, model, cancellation));
            Tell(arguments, model, rejected, clock.Elapsed.TotalSeconds);
            return Cli.Done;
        }
        catch (IngestException fault)
        {
            throw new UserErrorException(fault.Message, fault.Code is IngestFault.BadMapping or IngestFault.UnknownExtension ? Cli.Usage : Cli.Failed);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException)
        {
            throw new UserErrorException(fault.Message);
        }
        catch (OperationCanceledException)
        {
            throw new UserErrorException($"stopped: no encoder was written; the same command goes on after the last whole epoch, from {arguments.GetValue(Out)}.checkpoint");
        }
    }

    private static void CheckUsage(EncoderOptions shape, TrainingOptions options, string[] settings)
    {
        try
        {
            shape.Checked();
            options.Checked();
        }
        catch (ArgumentException fault)
        {
            throw new UserErrorException(settings.Length == 0 ? fault.Message : $"{fault.Message}; --set takes {OptionSettings.Names}", Cli.Usage);
        }
    }

    private static (SequenceDataset Dataset, long Rejected) Read(ParseResult arguments, IAnsiConsole error, CancellationToken cancellation)
    {
        var columns = arguments.GetValue(Columns) is { } text ? ColumnMapping.Parse(text) : null;
        if (arguments.GetValue(Input) is { } log)
        {
            return LogReading.Sequences(log, columns, error, cancellation);
        }

        var (task, rejected) = LogReading.Task(arguments.GetValue(Data)!, arguments.GetValue(Format)!, columns, error, cancellation);
        return (SequenceDataset.From(task.Training, LogReading.SourceOf(task, arguments.GetValue(Format)!)), rejected);
    }

    private static RidgePrior? PriorOf(ParseResult arguments, EncoderModel model, CancellationToken cancellation)
    {
        if (arguments.GetValue(PriorRows) is not (> 0 and var rows))
        {
            return null;
        }

        var columns = arguments.GetValue(Columns) is { } text ? ColumnMapping.Parse(text) : null;
        var prior = LogReading.Prior(arguments.GetValue(Input)!, columns, model, Math.Max(1, model.Fit!.Touches / QuestionsMax), cancellation);
        arguments.InvocationConfiguration.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"prior: {prior.Questions} touches, of which {prior.Answered} were among the candidates that would have been scored"));
        return prior.Prior(rows);
    }

    private static EncoderModel Fit(
        SequenceDataset dataset, EncoderOptions shape, TrainingOptions options, string checkpoint, IAnsiConsole error, CancellationToken cancellation)
        => error.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                var task = progress.AddTask("training", maxValue: 1);
                var model = EncoderTrainer.Fit(dataset, shape, options, new Bar(task), checkpoint, cancellation);
                task.Value = 1;
                return model;
            });

    private static void Tell(ParseResult arguments, EncoderModel model, long rejected, double seconds)
    {
        var fit = model.Fit!;
        if (arguments.GetValue(JsonFile) is { } file)
        {
            File.WriteAllText(file, JsonSerializer.Serialize(
                new { model.Version, Out = arguments.GetValue(Out), Items = model.Vocabulary.Known.Count, Rejected = rejected, Seconds = Math.Round(seconds, 3), Fit = fit }, Json));
        }

        arguments.InvocationConfiguration.Output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"encoder {model.Version}: {fit.Touches} touches of {fit.Users} users on {model.Vocabulary.Known.Count} items, best of {fit.Epochs} epochs is {fit.BestEpoch}, {Validation(fit)}, {seconds:F1} s; written to {arguments.GetValue(Out)}"));
    }

    private static string Validation(EncoderFit fit)
        => fit.HitRateAt20 is { } hits
            ? string.Create(CultureInfo.InvariantCulture, $"HR@20 {hits:F4} and MRR@20 {fit.ReciprocalRankAt20:F4} on {fit.ValidationTargets} next items")
            : "too little data to validate";

    private sealed class Bar(ProgressTask task) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value)
        {
            task.Description = string.Create(
                CultureInfo.InvariantCulture,
                $"epoch {value.Epoch}/{value.EpochsMax} loss {value.Loss:F3}{(value.ReciprocalRankAt20 is { } rank ? $" MRR@20 {rank:F4}" : "")}");
            task.Value = value.Share;
        }
    }
}
