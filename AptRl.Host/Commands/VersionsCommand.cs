using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AptRl.Actors.Hosting;
using AptRl.Actors.Versions;
using AptRl.Host.EvaluatePolicy;
using AptRl.Host.Hosting;
using AptRl.Host.Versions;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.OffPolicy;
using AptRl.Model.OffPolicy.Rewards;
using AptRl.Model.OffPolicy.Slates;
using AptRl.Model.Policies;
using AptRl.Model.Versions;
using Spectre.Console;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl versions</c>: the encoders of a data folder; one serves, others look on until they are promoted.</summary>
internal static class VersionsCommand
{
    private const string NextStart = "it takes over at the next start of the server, before that answers anybody";

    private static readonly OffPolicyOptions Defaults = new();

    private static readonly Option<string> DataDir = new("--data-dir") { Description = "The data folder.", Required = true };

    private static readonly Option<string?> JsonFile = new("--json") { Description = "File for the result, for machines." };

    private static readonly Argument<string> Encoder = new("encoder") { Description = "Weights of an encoder, as 'aptrl train' writes them." };

    private static readonly Argument<string> Id = new("version") { Description = "The version, or the first digits of it, four at least." };

    private static readonly Option<string?> Serving = new("--serving")
    {
        Description = "Weights of the encoder that the folder is served with now; needed the first time, where one was named with --model.",
    };

    private static readonly Option<string?> Scenario = new("--scenario") { Description = "The place in the shop, where there are several." };

    private static readonly Option<RewardType> Reward = new("--reward")
    {
        Description = "What a position earns: click, cart, purchase, dismiss, leave or value.", DefaultValueFactory = _ => RewardType.Click,
    };

    private static readonly Option<int> Positions = new("--positions")
    {
        Description = "Positions that count, from the top. The fewer, the less the weights vary.", DefaultValueFactory = _ => 3,
    };

    private static readonly Option<int> DecisionsMax = new("--decisions-max")
    {
        Description = "Decisions to compare at most, the newest; about 10 kB of memory each.", DefaultValueFactory = _ => 50_000,
    };

    private static readonly Option<int> Resamples = new("--resamples") { Description = "Bootstrap resamples of an interval.", DefaultValueFactory = _ => Defaults.Resamples };

    private static readonly Option<ulong> Seed = new("--seed") { Description = "Decides all that is drawn.", DefaultValueFactory = _ => Defaults.Seed };

    public static Command Create()
    {
        var list = new Command("list", "Lists the versions, and which one serves.") { DataDir, JsonFile }.WithExamples("aptrl versions list --data-dir ./aptrl-data");
        list.SetAction(arguments => Guarded(() => Show(arguments, Known(arguments))));
        var add = new Command("add", "Adds an encoder as a version that looks on: it serves nobody.") { Encoder, DataDir, StoreSymbols.Postgres, Serving, JsonFile }.WithExamples(
            "aptrl versions add new.safetensors --data-dir ./aptrl-data --serving encoder.safetensors");
        add.SetAction(arguments => Guarded(() => Add(arguments)));
        var compare = new Command("compare", "Learns the journal anew with a version and says what its policy would have earned.")
        {
            Id, DataDir, StoreSymbols.Postgres, Scenario, Reward, Positions, DecisionsMax, Resamples, Seed, JsonFile,
        }.WithExamples("aptrl versions compare 3f2a --data-dir ./aptrl-data --positions 3 --json compared.json");
        compare.RequireAtLeast(Positions, 1);
        compare.RequireAtLeast(DecisionsMax, 1);
        compare.RequireAtLeast(Resamples, 40);
        compare.Validators.Add(result =>
        {
            if (result.GetResult(Reward) is { Errors: var errors } && !errors.Any() && result.GetValue(Reward) is RewardType.Next)
            {
                result.AddError("--reward next is a value that a policy expected and nothing that was earned: judge by click, cart, purchase, dismiss, leave or value");
            }
        });
        compare.SetAction((arguments, cancellation) => Task.Run(() => CompareAsync(arguments, cancellation), cancellation));
        var promote = new Command("promote", "Makes a version the one that serves, from the next start on.") { Id, DataDir, JsonFile }.WithExamples(
            "aptrl versions promote 3f2a --data-dir ./aptrl-data");
        promote.SetAction(arguments => Guarded(() => Promote(arguments)));
        var rollback = new Command("rollback", "Returns to the version that served before the last promotion, from the next start on.") { DataDir, JsonFile }.WithExamples(
            "aptrl versions rollback --data-dir ./aptrl-data");
        rollback.SetAction(arguments => Guarded(() => Show(arguments, FolderOf(arguments).Change(versions => Have(arguments, versions).RollBack(TimeProvider.System.GetUtcNow())), NextStart)));
        var remove = new Command("remove", "Takes a version out, and its file.") { Id, DataDir, JsonFile }.WithExamples("aptrl versions remove 3f2a --data-dir ./aptrl-data");
        remove.SetAction(arguments => Guarded(() => Show(arguments, FolderOf(arguments).Change(versions => Have(arguments, versions).Without(IdOf(arguments, Have(arguments, versions)))))));
        return new Command("versions", "The encoders of a data folder: add one beside the one that serves, compare, promote, roll back.") { list, add, compare, promote, rollback, remove }
            .WithExamples(
                "aptrl versions add new.safetensors --data-dir ./aptrl-data",
                "aptrl versions compare 3f2a --data-dir ./aptrl-data",
                "aptrl versions promote 3f2a --data-dir ./aptrl-data",
                "aptrl versions rollback --data-dir ./aptrl-data");
    }

    private static int Add(ParseResult arguments)
    {
        var (folder, directory, file) = (FolderOf(arguments), arguments.GetValue(DataDir)!, arguments.GetValue(Encoder)!);
        using var model = EncoderModel.Load(file);
        var now = TimeProvider.System.GetUtcNow();
        EncoderVersion? first = null;
        if (folder.Read() is null)
        {
            var serving = arguments.GetValue(Serving);
            var served = ServedEncoder.Of(directory, StoreSymbols.Database(arguments), serving).Model;
            folder.Keep(served);
            first = new EncoderVersion(served.Version, now, serving ?? "never fitted");
            served.Dispose();
        }

        folder.Keep(model);
        var added = new EncoderVersion(model.Version, now, file);
        return Show(arguments, folder.Change(versions => (versions ?? EncoderVersions.Of(first!)).With(added)), $"version {model.Version} looks on: it serves nobody");
    }

    private static int Promote(ParseResult arguments)
    {
        var folder = FolderOf(arguments);
        var id = IdOf(arguments, Known(arguments));
        EncoderModel.Load(folder.FileOf(id)).Dispose();
        return Show(arguments, folder.Change(versions => Have(arguments, versions).Promote(id, TimeProvider.System.GetUtcNow())), NextStart);
    }

    private static async Task<int> CompareAsync(ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            var (folder, directory) = (FolderOf(arguments), arguments.GetValue(DataDir)!);
            var versions = Known(arguments);
            var id = IdOf(arguments, versions);
            var options = OptionsOf(arguments, directory, EncoderModel.Load(folder.FileOf(versions.Active)));
            using var model = EncoderModel.Load(folder.FileOf(id));
            var scenario = ScenarioOf(arguments, options, directory);
            await using var aptRl = await EmbeddedAptRl.StartAsync(options, cancellation);
            var compared = await WithProgressAsync(arguments, onFact => ShadowComparison.ReadAsync(
                aptRl.System, model, options.WindowsInForce, options.Scenarios, scenario, arguments.GetValue(DecisionsMax), onFact, cancellation));
            var (type, positions) = (arguments.GetValue(Reward), arguments.GetValue(Positions));
            var slates = compared.Log.Slates(scenario, type, positions);
            if (slates.Count == 0)
            {
                throw new UserErrorException($"the journal in '{directory}' has no decision of the learning policy in scenario '{scenario}': serve something first");
            }

            var evaluation = OffPolicyEvaluation.Of(
                slates, InverseGapSlates.Logging, compared.Target,
                new OffPolicyOptions { Trainer = new LogisticRewards(), Resamples = arguments.GetValue(Resamples), Seed = arguments.GetValue(Seed) }, cancellation);
            var output = arguments.InvocationConfiguration.Output;
            PolicyPrint.Print(output, evaluation, null);
            await output.WriteLineAsync(string.Create(
                CultureInfo.InvariantCulture,
                $"learned  {compared.Fold.Encoded} windows encoded anew, {compared.Fold.Lost} lessons of deleted users left out; what no encoder has a part in came out as logged for {100 * compared.Rebuilt:F1} % of what was shown"));
            var json = PolicyJson.Of(evaluation);
            (json["version"], json["active"], json["scenario"], json["reward"], json["positions"]) = (id, versions.Active, scenario.Value, type.ToString().ToLowerInvariant(), positions);
            (json["encoded"], json["lost"], json["rebuilt"]) = (compared.Fold.Encoded, compared.Fold.Lost, compared.Rebuilt);
            Write(arguments, json);
            return Cli.Done;
        }
        catch (Exception fault) when (IsUsers(fault))
        {
            throw new UserErrorException(fault.Message);
        }
    }

    private static int Guarded(Func<int> work)
    {
        try
        {
            return work();
        }
        catch (Exception fault) when (IsUsers(fault))
        {
            throw new UserErrorException(fault.Message);
        }
    }

    private static bool IsUsers(Exception fault)
        => fault is ArgumentException or IOException or InvalidDataException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException;

    private static VersionFolder FolderOf(ParseResult arguments) => new(arguments.GetValue(DataDir)!);

    private static EncoderVersions Known(ParseResult arguments) => Have(arguments, FolderOf(arguments).Read());

    private static EncoderVersions Have(ParseResult arguments, EncoderVersions? versions)
        => versions ?? throw new UserErrorException($"'{arguments.GetValue(DataDir)}' has no versions: add one with 'aptrl versions add FILE --data-dir {arguments.GetValue(DataDir)}'");

    private static string IdOf(ParseResult arguments, EncoderVersions versions)
        => versions.Find(arguments.GetValue(Id)!)?.Id
            ?? throw new UserErrorException($"'{arguments.GetValue(Id)}' names none of the versions, or more than one: they are {string.Join(", ", versions.Versions.Select(version => version.Id))}");

    // Nothing is decided or published.
    private static AptRlOptions OptionsOf(ParseResult arguments, string directory, EncoderModel model)
    {
        var scenarios = StoreSymbols.Scenarios(arguments, directory);
        var options = new AptRlOptions { DataDirectory = directory, Postgres = StoreSymbols.Database(arguments), Model = model, Learner = new() { PublishEvery = TimeSpan.Zero } };
        return scenarios.Count == 0 ? options : options with { Scenarios = [.. scenarios.Select(scenario => new ScenarioOptions { Id = scenario })] };
    }

    private static ScenarioId ScenarioOf(ParseResult arguments, AptRlOptions options, string directory)
    {
        var names = string.Join(", ", options.Scenarios.Select(scenario => scenario.Id));
        return arguments.GetValue(Scenario) is { } name
            ? options.Scenarios.FirstOrDefault(scenario => scenario.Id.Value == name)?.Id ?? throw new UserErrorException($"--scenario {name} learned nothing in '{directory}': name one of {names}", Cli.Usage)
            : options.Scenarios is [var only] ? only.Id : throw new UserErrorException($"'{directory}' has the scenarios {names}: name one with --scenario", Cli.Usage);
    }

    private static int Show(ParseResult arguments, EncoderVersions versions, string? what = null)
    {
        var output = arguments.InvocationConfiguration.Output;
        foreach (var version in versions.Versions)
        {
            output.WriteLine($"{version.Id}  {VersionsJson.StateOf(versions, version),-6}  added {VersionsJson.Text(version.AddedAt)} from {version.From}");
        }

        if (what is not null)
        {
            output.WriteLine(what);
        }

        Write(arguments, VersionsJson.Of(versions));
        return Cli.Done;
    }

    private static async Task<T> WithProgressAsync<T>(ParseResult arguments, Func<Action<long>, Task<T>> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(arguments.InvocationConfiguration.Error) });
        return await console.Progress().HideCompleted(true).Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                var task = context.AddTask("reading the journal").IsIndeterminate();
                return await work(done => task.Description = $"{done:N0} facts");
            });
    }

    private static void Write(ParseResult arguments, JsonNode json)
    {
        if (arguments.GetValue(JsonFile) is { } file)
        {
            PolicyJson.Write(file, json);
        }
    }
}
