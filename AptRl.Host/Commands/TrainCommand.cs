using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Ingest;
using AptRl.Model.Native;
using AptRl.Model.Training;
using Spectre.Console;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl train</c>: fits an encoder to a log of events.</summary>
internal static class TrainCommand
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private static readonly Option<string> Input = new("--input")
    {
        Description = "Log of events: .ndjson, .jsonl, .json, .csv or .tsv, each also with .gz.",
        Required = true,
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

    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "The same seed on the same log gives the same weights.",
        DefaultValueFactory = _ => new TrainingOptions().Seed,
    };

    private static readonly Option<string?> JsonFile = new("--json")
    {
        Description = "File for the result, for machines.",
    };

    public static Command Create()
    {
        var command = new Command("train", "Fits an encoder to a log of events, by next-item prediction.")
        {
            Input, Columns, Out, Epochs, Width, Layers, Seed, JsonFile,
        }.WithExamples(
            "aptrl train --input events.ndjson.gz --out models/shop.safetensors",
            "aptrl train --input events.tsv --columns user=user,time=unix_seconds,type=event,item=item",
            "aptrl train --input events.csv --width 64 --epochs 40 --json fit.json && aptrl serve --model encoder.safetensors");
        command.SetAction((arguments, cancellation) => Task.Run(() => Run(arguments, cancellation), cancellation));
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            var clock = Stopwatch.StartNew();
            var error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(arguments.InvocationConfiguration.Error) });
            var shape = new EncoderOptions { Width = arguments.GetValue(Width), Layers = arguments.GetValue(Layers) };
            var options = new TrainingOptions { EpochsMax = arguments.GetValue(Epochs), Seed = arguments.GetValue(Seed) };
            CheckUsage(shape, options);

            TorchRuntime.UseThreads(Environment.ProcessorCount);
            var (dataset, rejected) = Read(arguments, error, cancellation);
            using var model = Fit(dataset, shape, options, error, cancellation);
            model.Save(arguments.GetValue(Out)!);
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
            throw new UserErrorException("stopped: nothing was written");
        }
    }

    private static void CheckUsage(EncoderOptions shape, TrainingOptions options)
    {
        try
        {
            shape.Checked();
            options.Checked();
        }
        catch (ArgumentException fault)
        {
            throw new UserErrorException(fault.Message, Cli.Usage);
        }
    }

    private static (SequenceDataset Dataset, long Rejected) Read(ParseResult arguments, IAnsiConsole error, CancellationToken cancellation)
    {
        var columns = arguments.GetValue(Columns) is { } text ? ColumnMapping.Parse(text) : null;
        var events = EventFile.ReadAsync(
            arguments.GetValue(Input)!, new EventFileOptions { Columns = columns }, TimeProvider.System, cancellation);
        var rejected = 0L;
        var dataset = SequenceDataset.From(Accepted());
        if (rejected > 0)
        {
            error.WriteLine($"{rejected} events could not be read and were left out");
        }

        return (dataset, rejected);

        IEnumerable<Interaction> Accepted()
        {
            foreach (var parsed in events.ToBlockingEnumerable(cancellation))
            {
                if (parsed.Interaction is { } interaction)
                {
                    yield return interaction;
                }
                else if (rejected++ == 0)
                {
                    error.WriteLine($"line {parsed.Line}: {parsed.Rejected?.Reason}");
                }
            }
        }
    }

    private static EncoderModel Fit(
        SequenceDataset dataset, EncoderOptions shape, TrainingOptions options, IAnsiConsole error, CancellationToken cancellation)
        => error.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                var task = progress.AddTask("training", maxValue: 1);
                var model = EncoderTrainer.Fit(dataset, shape, options, new Bar(task), cancellation: cancellation);
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
