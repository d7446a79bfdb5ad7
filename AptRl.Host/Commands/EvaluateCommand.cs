using System.CommandLine;
using System.Text.Json.Nodes;
using AptRl.Host.Evaluate;
using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Evaluation;
using AptRl.Model.Ingest;
using AptRl.Model.Native;
using AptRl.Model.Recommenders;
using AptRl.Model.Recommenders.Online;
using AptRl.Model.Training;
using Spectre.Console;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl evaluate</c>: fits recommenders to a data set and judges them by what came next, all by the same rules.</summary>
internal static class EvaluateCommand
{
    private const string AllModels = "all";

    private static readonly EvaluationOptions Defaults = new();
    private static readonly PrequentialOptions LiveDefaults = new();
    private static readonly LearningSchedule[] AllSchedules = Enum.GetValues<LearningSchedule>();

    private static readonly Option<string?> Data = new("--data")
    {
        Description = "Folder of the data set.",
    };

    private static readonly Option<string?> Format = new("--format")
    {
        Description = "What the folder holds: train_sessions.txt and test_pairs.tsv, sequences.txt, or events.tsv or .csv; each also with .gz.",
    };

    private static readonly Option<string?> Model = new("--model")
    {
        Description = "Encoder of aptrl train: measure the figures on its card again, on the data that it was fitted to, and judge it by the test part.",
    };

    private static readonly Option<string?> Input = new("--input")
    {
        Description = "With --model, instead of --data: the log that the encoder was fitted to.",
    };

    private static readonly Option<string?> Columns = new("--columns")
    {
        Description = "Which column of the events holds what: user=..,time=..,type=..,item=..",
    };

    private static readonly Option<string> Models = new("--models")
    {
        Description = "Names with commas between them, or all; a group's name stands for those in it.",
        DefaultValueFactory = _ => AllModels,
    };

    private static readonly Option<bool> Quick = new("--quick")
    {
        Description = "Fit rough models soon: a fraction of the epochs.",
    };

    private static readonly Option<int> Trials = new("--trials")
    {
        Description = "Settings of each model to try on a part of the training data; the best is judged.",
        DefaultValueFactory = _ => Defaults.Trials,
    };

    private static readonly Option<int> Seeds = new("--seeds")
    {
        Description = "Fits of each model, each with its own seed; mean and spread are reported.",
        DefaultValueFactory = _ => Defaults.Seeds,
    };

    private static readonly Option<ulong> Seed = new("--seed")
    {
        Description = "The first seed; the same seed gives the same figures.",
        DefaultValueFactory = _ => Defaults.Seed,
    };

    private static readonly Option<int> TestMax = new("--test-max")
    {
        Description = "Test questions at most, evenly spread over all; without it all are asked.",
    };

    private static readonly Option<string?> JsonFile = new("--json")
    {
        Description = "File for the result, for machines; complete after each model. The ranks go to the folder FILE.ranks, what a killed fit goes on from to FILE.work.",
    };

    private static readonly Option<bool> Resume = new("--resume")
    {
        Description = "Keep the models that the file of --json has already.",
    };

    private static readonly Option<bool> Live = new("--prequential")
    {
        Description = "Live through an event log by global time: predict each touch, then learn it, by several schedules.",
    };

    private static readonly Option<double> FitShare = new("--fit-share")
    {
        Description = "With --prequential: share of the log, the oldest, that is fitted first.",
        DefaultValueFactory = _ => LiveDefaults.FitShare,
    };

    private static readonly Option<double> UntilShare = new("--until-share")
    {
        Description = "With --prequential: share of the log after which it ends.",
        DefaultValueFactory = _ => LiveDefaults.UntilShare,
    };

    private static readonly Option<string> Schedules = new("--schedules")
    {
        Description = "With --prequential: when it learns, of frozen, daily, hourly and per-event.",
        DefaultValueFactory = _ => string.Join(',', AllSchedules.Select(PrequentialEntry.NameOf)),
    };

    static EvaluateCommand() => Format.AcceptOnlyFromAmong([.. Enum.GetNames<DataFormat>().Select(name => name.ToLowerInvariant())]);

    /// <param name="recipes">What <c>all</c> stands for.</param>
    /// <param name="groups">More recipes, under names that stand for a whole group.</param>
    public static Command Create(IReadOnlyList<IRecipe> recipes, params (string Name, IReadOnlyList<IRecipe> Recipes)[] groups)
    {
        var command = new Command("evaluate", $"Fits recommenders to a data set and judges them by what came next. The models are {NamesOf(recipes)}{string.Concat(groups.Select(group => $"; {group.Name}: {NamesOf(group.Recipes)}"))}.")
        {
            Data, Format, Columns, Models, Quick, Trials, Seeds, Seed, TestMax, JsonFile, Resume, Model, Input, Live, FitShare, UntilShare, Schedules,
        }.WithExamples(
            "aptrl evaluate --data retailrocket-sessions --format sessions --models all --json result.json",
            "aptrl evaluate --data beauty --format sequences --models transformer,aptrl --seeds 3",
            "aptrl evaluate --data shop --format events --columns user=user,time=unix_seconds,type=event,item=item --trials 5",
            "aptrl evaluate --data retailrocket-sessions --format sessions --json result.json --resume",
            "aptrl evaluate --model models/rr.safetensors --data retailrocket-sessions --format sessions",
            "aptrl evaluate --prequential --data shop --format events --json live.json");
        command.Validators.Add(result =>
        {
            if (result.GetResult(Data) is null == result.GetResult(Input) is null)
            {
                result.AddError("give --data FOLDER --format FORMAT, or --model FILE --input LOG");
            }
            else if (result.GetResult(Data) is null != result.GetResult(Format) is null)
            {
                result.AddError("--format says what the folder of --data holds: give both");
            }
            else if (result.GetValue(Live) && result.GetResult(Model) is not null)
            {
                result.AddError("--prequential fits its own encoder: leave --model out");
            }
            else if (result.GetResult(Input) is not null && result.GetResult(Model) is null)
            {
                result.AddError("--input is the log that an encoder was fitted to: name it with --model");
            }
        });
        command.RequireAtLeast(Trials, 1);
        command.RequireAtLeast(Seeds, 1);
        command.RequireAtLeast(TestMax, 1);
        command.SetAction((arguments, cancellation) => Task.Run(() => Run(arguments, recipes, groups, cancellation), cancellation));
        return command;
    }

    private static int Run(
        ParseResult arguments, IReadOnlyList<IRecipe> recipes, (string Name, IReadOnlyList<IRecipe> Recipes)[] groups, CancellationToken cancellation)
    {
        if (arguments.GetValue(Live))
        {
            return Telling(arguments, error => LiveThrough(arguments, error, cancellation));
        }

        if (arguments.GetValue(Model) is { } model)
        {
            return Telling(arguments, error => Examine(arguments, model, error, cancellation));
        }

        var chosen = ChooseFrom(recipes, groups, arguments.GetValue(Models)!);
        if (arguments.GetValue(Resume) && arguments.GetValue(JsonFile) is null)
        {
            throw new UserErrorException("--resume needs --json: name the file to go on with", Cli.Usage);
        }

        return Telling(arguments, error =>
        {
            TorchRuntime.UseThreads(Environment.ProcessorCount);
            return Evaluate(arguments, chosen, ReadTask(arguments, error, cancellation), null, error, cancellation);
        });
    }

    private static int Telling(ParseResult arguments, Func<IAnsiConsole, int> evaluate)
    {
        try
        {
            return evaluate(AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(arguments.InvocationConfiguration.Error) }));
        }
        catch (IngestException fault)
        {
            throw new UserErrorException(fault.Message, fault.Code is IngestFault.BadMapping ? Cli.Usage : Cli.Failed);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException)
        {
            throw new UserErrorException(fault.Message);
        }
        catch (OperationCanceledException)
        {
            throw new UserErrorException(arguments.GetValue(JsonFile) is { } file ? $"stopped: go on with --json {file} --resume" : "stopped: nothing was written");
        }
    }

    /// <summary>A group's name stands for those in it.</summary>
    private static IRecipe[] ChooseFrom(IReadOnlyList<IRecipe> recipes, (string Name, IReadOnlyList<IRecipe> Recipes)[] groups, string names)
    {
        if (names.Trim().Equals(AllModels, StringComparison.OrdinalIgnoreCase))
        {
            return [.. recipes];
        }

        var opened = names.Split(',', StringSplitOptions.TrimEntries).SelectMany(
            name => Array.Find(groups, group => group.Name == name) is { Recipes: { } members } ? members.Select(recipe => recipe.Name) : [name]);
        return Choose([.. recipes, .. groups.SelectMany(group => group.Recipes)], recipe => recipe.Name, string.Join(',', opened));
    }

    private static T[] Choose<T>(IReadOnlyList<T> recipes, Func<T, string> nameOf, string names)
        where T : class
    {
        if (names.Trim().Equals(AllModels, StringComparison.OrdinalIgnoreCase))
        {
            return [.. recipes];
        }

        var known = string.Join(", ", recipes.Select(nameOf));
        var wanted = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct().ToArray();
        return wanted.Length == 0
            ? throw new UserErrorException($"--models names no model: name {AllModels}, or some of {known}", Cli.Usage)
            : Array.ConvertAll(wanted, name => recipes.FirstOrDefault(recipe => nameOf(recipe) == name)
                ?? throw new UserErrorException($"--models {name} is not a model: name {AllModels}, or some of {known}", Cli.Usage));
    }

    private static LearningSchedule[] ChooseSchedules(string names)
    {
        // Frozen first, since the others are compared with it.
        var known = AllSchedules.ToDictionary(PrequentialEntry.NameOf);
        var wanted = names.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return wanted.Length > 0 && wanted.All(known.ContainsKey) ? [.. wanted.Select(name => known[name]).Distinct().Order()]
            : throw new UserErrorException($"--schedules {names} is not one or more of {string.Join(", ", known.Keys)}", Cli.Usage);
    }

    private static string NamesOf(IReadOnlyList<IRecipe> recipes) => string.Join(", ", recipes.Select(recipe => recipe.Name));

    private static int Evaluate(
        ParseResult arguments, IRecipe[] recipes, (NextItemTask Task, long Rejected) read, JsonObject? card, IAnsiConsole error, CancellationToken cancellation)
    {
        var (task, rejected) = read;
        var options = OptionsOf(arguments);
        var evaluator = new Evaluator(task, options);
        var run = new EvaluationRun(evaluator, options, EvaluationEntry.Dataset(task, arguments.GetValue(Format)!, evaluator, rejected));
        if (arguments.GetValue(JsonFile) is { } file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            run.KeepIn(file, arguments.GetValue(Resume));
            if (card is not null)
            {
                run.Say("card", card);
            }
        }

        error.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                foreach (var recipe in recipes.Where(recipe => !run.Has(recipe.Name)))
                {
                    var bar = progress.AddTask(recipe.Name, maxValue: 1);
                    run.Evaluate(recipe, new Bar(recipe.Name, bar), cancellation);
                    (bar.Description, bar.Value) = (recipe.Name, 1);
                }
            });
        EvaluationTable.Print(arguments.InvocationConfiguration.Output, [.. recipes.Select(recipe => run.Entry(recipe.Name))], run.Comparisons, evaluator.IsFiltered);
        return Cli.Done;
    }

    private static int Examine(ParseResult arguments, string path, IAnsiConsole error, CancellationToken cancellation)
    {
        using var model = EncoderModel.Load(path);
        if (arguments.GetValue(Input) is { } log)
        {
            return Print(CardAudit.Of(model, LogReading.Sequences(log, ColumnsOf(arguments), error, cancellation).Dataset, cancellation));
        }

        var read = ReadTask(arguments, error, cancellation);
        var audit = CardAudit.Of(model, SequenceDataset.From(read.Task.Training), cancellation);
        var code = Print(audit);
        Evaluate(arguments, [new SavedEncoderRecipe(path)], read, CardPrint.ToJson(model, audit), error, cancellation);
        return code;

        int Print(CardAudit audit)
        {
            CardPrint.Print(arguments.InvocationConfiguration.Output, model, audit);
            return audit.Holds ? Cli.Done : Cli.Failed;
        }
    }

    private static ColumnMapping? ColumnsOf(ParseResult arguments) => arguments.GetValue(Columns) is { } text ? ColumnMapping.Parse(text) : null;

    private static (NextItemTask Task, long Rejected) ReadTask(ParseResult arguments, IAnsiConsole error, CancellationToken cancellation)
        => LogReading.Task(arguments.GetValue(Data)!, arguments.GetValue(Format)!, ColumnsOf(arguments), error, cancellation);

    private static int LiveThrough(ParseResult arguments, IAnsiConsole error, CancellationToken cancellation)
    {
        var recipes = Choose(OnlineRecipes.All, recipe => recipe.Name, arguments.GetValue(Models)!);
        var schedules = ChooseSchedules(arguments.GetValue(Schedules)!);
        var options = LiveOptionsOf(arguments);
        var (log, rejected) = LogReading.Log(arguments.GetValue(Data)!, ColumnsOf(arguments), error, cancellation);
        var evaluation = new PrequentialEvaluation(log, options, rejected);
        var file = arguments.GetValue(JsonFile);
        if (file is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
        }

        error.Progress()
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .Start(progress =>
            {
                foreach (var recipe in recipes)
                {
                    var bars = schedules.ToDictionary(PrequentialEntry.NameOf, schedule => progress.AddTask($"{recipe.Name} {PrequentialEntry.NameOf(schedule)}", maxValue: 1));
                    var fitting = progress.AddTask(recipe.Name, maxValue: 1);
                    var context = new FitContext(options.Seed, arguments.GetValue(Quick), new Bar(recipe.Name, fitting), cancellation) { WorkFolder = file is null ? null : $"{file}.work" };
                    evaluation.Evaluate(recipe, schedules, context, (name, share) => bars[name].Value = share, cancellation);
                    fitting.Value = 1;
                    if (file is not null)
                    {
                        evaluation.Write(file);
                    }
                }
            });
        PrequentialTablePrint.Print(arguments.InvocationConfiguration.Output, evaluation.Models);
        return Cli.Done;
    }

    private static PrequentialOptions LiveOptionsOf(ParseResult arguments)
    {
        if (arguments.GetValue(Format) is not "events")
        {
            throw new UserErrorException($"--prequential needs times and users, which --format {arguments.GetValue(Format)} has not: give --format events", Cli.Usage);
        }

        var options = new PrequentialOptions { FitShare = arguments.GetValue(FitShare), UntilShare = arguments.GetValue(UntilShare), Seed = arguments.GetValue(Seed) };
        try
        {
            return options.Checked();
        }
        catch (ArgumentOutOfRangeException fault)
        {
            throw new UserErrorException(fault.Message, Cli.Usage);
        }
    }

    private static EvaluationOptions OptionsOf(ParseResult arguments) => new()
    {
        Trials = arguments.GetValue(Trials),
        Seeds = arguments.GetValue(Seeds),
        Seed = arguments.GetValue(Seed),
        Quick = arguments.GetValue(Quick),
        TestMax = arguments.GetValue(TestMax) is > 0 and var max ? max : null,
        WorkFolder = arguments.GetValue(JsonFile) is { } file ? $"{file}.work" : null,
    };

    private sealed class Bar(string name, ProgressTask task) : IProgress<(double Share, string Note)>
    {
        public void Report((double Share, string Note) value)
        {
            task.Description = Markup.Escape($"{name}: {value.Note}");
            task.Value = value.Share;
        }
    }
}
