using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Host.EvaluatePolicy;
using AptRl.Host.Hosting;
using AptRl.Model.Encoding;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Model.Ingest;
using AptRl.Model.Learning;
using AptRl.Model.OffPolicy;
using AptRl.Model.OffPolicy.OpenBandit;
using AptRl.Model.OffPolicy.Rewards;
using AptRl.Model.OffPolicy.Slates;
using AptRl.Model.OffPolicy.Synthetic;
using AptRl.Model.Policies;
using Spectre.Console;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl evaluate-policy</c>: what a policy would have earned, from a log that another one made.</summary>
internal static class EvaluatePolicyCommand
{
    private const string ObpStudy = "obp";
    private const string CoverageDraws = "coverage";

    private static readonly OffPolicyOptions Defaults = new();
    private static readonly string[] RewardModels = ["logistic", "lightgbm", "none"];

    private static readonly Option<string?> DataDir = new("--data-dir") { Description = "Folder of a server or a replay that is not running: its journalled decisions are the log." };

    private static readonly Option<string?> OpenBandit = new("--open-bandit") { Description = "Folder of the Open Bandit data: the log." };

    private static readonly Option<string?> Against = new("--against")
    {
        Description = "With --open-bandit: folder of another policy's log of the same shop; that policy is the target, and the mean of its log the truth.",
    };

    private static readonly Option<string?> Synthetic = new("--synthetic")
    {
        Description = "Check the estimators themselves: obp repeats the Open Bandit Pipeline's table, coverage draws logs of worlds with known truth.",
    };

    private static readonly Option<string?> Target = new("--target")
    {
        Description = $"The policy to judge. Of a decision log: {SlateTargets.Known}; greedy if not said. Of Open Bandit data: uniform, or that of --against.",
    };

    private static readonly Option<string> RewardModel = new("--reward-model")
    {
        Description = "What expects rewards, cross-fitted by clusters.",
        DefaultValueFactory = _ => RewardModels[0],
    };

    private static readonly Option<string?> Scenario = new("--scenario") { Description = "With --data-dir: the place in the shop, where there are several." };

    private static readonly Option<RewardType> Reward = new("--reward") { Description = "With --data-dir: what a position earns; next is a value that was expected, and cannot be judged by.", DefaultValueFactory = _ => RewardType.Click };

    private static readonly Option<int> Positions = new("--positions")
    {
        Description = "With --data-dir: positions that count, from the top. The fewer, the less the weights vary.",
        DefaultValueFactory = _ => 50,
    };

    private static readonly Option<int> DecisionsMax = new("--decisions-max")
    {
        Description = "With --data-dir: decisions to take at most, the newest; about 10 kB of memory each.",
        DefaultValueFactory = _ => 50_000,
    };

    private static readonly Option<int> Runs = new("--runs") { Description = "With --synthetic: worlds of obp (20 if not said), logs of coverage (200)." };

    private static readonly Option<int> Rounds = new("--rounds") { Description = "With --synthetic: rounds of a log; 10,000 in obp if not said, 2,000 in coverage." };

    private static readonly Option<int> Folds = new("--folds") { Description = "Folds of cross-fitting.", DefaultValueFactory = _ => Defaults.Folds };

    private static readonly Option<int> Resamples = new("--resamples") { Description = "Bootstrap resamples of an interval.", DefaultValueFactory = _ => Defaults.Resamples };

    private static readonly Option<ulong> Seed = new("--seed") { Description = "Decides all that is drawn.", DefaultValueFactory = _ => Defaults.Seed };

    private static readonly Option<string?> JsonFile = new("--json") { Description = "File for the result, for machines." };

    static EvaluatePolicyCommand()
    {
        Synthetic.AcceptOnlyFromAmong(ObpStudy, CoverageDraws);
        RewardModel.AcceptOnlyFromAmong(RewardModels);
    }

    public static Command Create()
    {
        var command = new Command("evaluate-policy", "Says what a policy would have earned, from a log that another policy made, and whether the log can carry a verdict.")
        {
            DataDir, StoreSymbols.Postgres, OpenBandit, Against, Synthetic, Target, RewardModel, Scenario, Reward, Positions, DecisionsMax, Runs, Rounds, Folds, Resamples, Seed, JsonFile,
        }.WithExamples(
            "aptrl evaluate-policy --data-dir ./aptrl-data --target greedy --positions 3 --json result.json",
            "aptrl evaluate-policy --data-dir ./aptrl-data --target gamma*0.5 --reward-model lightgbm",
            "aptrl evaluate-policy --open-bandit random-men --against bts-men",
            "aptrl evaluate-policy --synthetic obp --json obp.json",
            "aptrl evaluate-policy --synthetic coverage --reward-model lightgbm");
        command.Validators.Add(result =>
        {
            if (new Option[] { DataDir, OpenBandit, Synthetic }.Count(option => result.GetResult(option) is not null) != 1)
            {
                result.AddError("give one log: --data-dir FOLDER, --open-bandit FOLDER or --synthetic STUDY");
            }
            else if (result.GetResult(Against) is not null && result.GetResult(OpenBandit) is null)
            {
                result.AddError("--against is the log of another policy of Open Bandit data: name the first with --open-bandit");
            }
            else if (result.GetResult(OpenBandit) is not null && result.GetResult(Against) is not null == result.GetResult(Target) is not null)
            {
                result.AddError("--open-bandit needs a policy to judge: give either --against FOLDER or --target uniform");
            }
        });
        command.Validators.Add(result =>
        {
            if (result.GetResult(Reward) is { Errors: var errors } && !errors.Any() && result.GetValue(Reward) is RewardType.Next)
            {
                result.AddError("--reward next is a value that a policy expected and nothing that was earned: judge by click, cart, purchase, dismiss, leave or value");
            }
        });
        command.RequireAtLeast(Positions, 1);
        command.RequireAtLeast(DecisionsMax, 1);
        command.RequireAtLeast(Runs, 1);
        command.RequireAtLeast(Rounds, 1);
        command.RequireAtLeast(Folds, 2);
        command.RequireAtLeast(Resamples, 40);
        command.SetAction((arguments, cancellation) => Task.Run(() => RunAsync(arguments, cancellation), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        try
        {
            if (arguments.GetValue(Synthetic) is { } study)
            {
                Study(arguments, study, cancellation);
            }
            else if (arguments.GetValue(OpenBandit) is { } folder)
            {
                JudgeOpenBandit(arguments, folder, cancellation);
            }
            else
            {
                await JudgeDecisionsAsync(arguments, arguments.GetValue(DataDir)!, cancellation);
            }

            return Cli.Done;
        }
        catch (Exception fault) when (fault is IngestException or ArgumentException or IOException or InvalidDataException or UnauthorizedAccessException)
        {
            throw new UserErrorException(fault.Message);
        }
        catch (OperationCanceledException)
        {
            throw new UserErrorException("stopped: nothing was written");
        }
    }

    private static void Study(ParseResult arguments, string study, CancellationToken cancellation)
    {
        var trainer = TrainerOf(arguments) ?? throw new UserErrorException("--synthetic compares estimators with a reward model: leave --reward-model none out", Cli.Usage);
        var output = arguments.InvocationConfiguration.Output;
        var seed = arguments.GetValue(Seed);
        if (study == ObpStudy)
        {
            var runs = arguments.GetValue(Runs) is > 0 and var told ? told : 20;
            var plan = new RelativeErrorStudy(runs, arguments.GetValue(Rounds) is > 0 and var rounds ? rounds : 10_000, 30);
            var errors = WithProgress(arguments, "worlds", runs, onDone => plan.Run(trainer, seed, onDone, cancellation));
            PolicyPrint.Print(output, errors);
            WriteJson(arguments, PolicyJson.Of(errors));
        }
        else
        {
            var draws = arguments.GetValue(Runs) is > 0 and var told ? told : 200;
            var plan = new CoverageStudy(draws, arguments.GetValue(Rounds) is > 0 and var rounds ? rounds : 2_000, arguments.GetValue(Resamples));
            var coverages = WithProgress(arguments, "logs", 2 * draws, onDone => plan.Run(trainer, seed, onDone, cancellation));
            PolicyPrint.Print(output, coverages);
            WriteJson(arguments, PolicyJson.Of(coverages));
        }
    }

    private static void JudgeOpenBandit(ParseResult arguments, string folder, CancellationToken cancellation)
    {
        var log = OpenBanditFolder.Read(folder, cancellation);
        var other = arguments.GetValue(Against) is { } against ? OpenBanditFolder.Read(against, cancellation) : null;
        if (other is null && arguments.GetValue(Target) is not ScenarioOptions.Uniform and var name)
        {
            throw new UserErrorException($"--target {name} is not a policy of Open Bandit data: name uniform, or give --against FOLDER", Cli.Usage);
        }

        if (other is not null && other.Actions.Count != log.Actions.Count)
        {
            throw new UserErrorException($"{folder} has {log.Actions.Count} items and {arguments.GetValue(Against)} {other.Actions.Count}: give two logs of the same campaign");
        }

        var target = other is null ? new UniformTarget() : OpenBanditTarget.Of(other, log.Positions);
        ConfidenceInterval? truth = other is null ? null
            : ClusteredBootstrap.Of([.. other.Rounds.Select(round => new Cluster(round.Reward > 0 ? 1 : 0, 1))], arguments.GetValue(Resamples), new Chance(arguments.GetValue(Seed)).Split("truth"));
        var evaluation = WithProgress(arguments, "log", 1, _ => OffPolicyEvaluation.Of(log, target, OptionsOf(arguments), cancellation));
        PolicyPrint.Print(arguments.InvocationConfiguration.Output, evaluation, truth);
        var json = PolicyJson.Of(evaluation);
        json["log"] = log.Name;
        json["rewardModel"] = arguments.GetValue(RewardModel);
        json["truth"] = truth is { } known ? PolicyJson.Of(known) : null;
        WriteJson(arguments, json);
    }

    private static async Task JudgeDecisionsAsync(ParseResult arguments, string directory, CancellationToken cancellation)
    {
        var name = arguments.GetValue(Target) ?? "greedy";
        var target = SlateTargets.Find(name) ?? throw new UserErrorException($"--target {name} is not a policy of a decision log: name {SlateTargets.Known}", Cli.Usage);
        JudgeDecisions(arguments, directory, await ReadAsync(arguments, directory, cancellation), target, cancellation);
    }

    private static void JudgeDecisions(ParseResult arguments, string directory, DecisionLog log, ISlatePolicy target, CancellationToken cancellation)
    {
        var scenario = ScenarioOf(arguments, log, directory);
        var (type, positions) = (arguments.GetValue(Reward), arguments.GetValue(Positions));
        var slates = log.Slates(scenario, type, positions);
        if (slates.Count == 0)
        {
            throw new UserErrorException($"the journal in '{directory}' has no decision of the learning policy in scenario '{scenario}': serve or replay something first");
        }

        var evaluation = WithProgress(
            arguments, "log", 1, _ => OffPolicyEvaluation.Of(slates, InverseGapSlates.Logging, target, OptionsOf(arguments), cancellation));
        var output = arguments.InvocationConfiguration.Output;
        PolicyPrint.Print(output, evaluation, null);
        var byPolicy = log.ByPolicy(scenario, type, positions);
        foreach (var (policy, decisions, mean) in byPolicy)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"served   {policy}: {mean:F4} a slate over {decisions} decisions, as it happened"));
        }

        var json = PolicyJson.Of(evaluation);
        json["log"] = directory;
        json["scenario"] = scenario.Value;
        json["reward"] = type.ToString().ToLowerInvariant();
        json["rewardModel"] = arguments.GetValue(RewardModel);
        json["positions"] = slates.Max(slate => slate.Places.Count);
        json["served"] = new JsonArray([.. byPolicy.Select(served => new JsonObject { ["policy"] = served.Policy, ["decisions"] = served.Decisions, ["mean"] = served.Mean })]);
        WriteJson(arguments, json);
    }

    private static async Task<DecisionLog> ReadAsync(ParseResult arguments, string directory, CancellationToken cancellation)
    {
        var scenarios = StoreSymbols.Scenarios(arguments, directory);

        // Nothing is decided, so that any encoder will do, and nothing is published.
        var options = new AptRlOptions
        {
            DataDirectory = directory,
            Postgres = StoreSymbols.Database(arguments),
            Model = EncoderModel.Fresh(new EncoderOptions(), [], seed: 1),
            Learner = new() { PublishEvery = TimeSpan.Zero },
        };
        options = scenarios.Count == 0 ? options : options with { Scenarios = [.. scenarios.Select(scenario => new ScenarioOptions { Id = scenario })] };
        await using var aptRl = await EmbeddedAptRl.StartAsync(options, cancellation);
        return await JournalFacts.DecisionsAsync(aptRl.System, arguments.GetValue(DecisionsMax), cancellation);
    }

    private static ScenarioId ScenarioOf(ParseResult arguments, DecisionLog log, string directory)
    {
        ScenarioId[] known = [.. log.Decisions.Select(decision => decision.Scenario).Distinct().OrderBy(scenario => scenario.Value, StringComparer.Ordinal)];
        var names = string.Join(", ", known);
        return arguments.GetValue(Scenario) is { } name
            ? known.Where(scenario => scenario.Value == name).Cast<ScenarioId?>().FirstOrDefault()
                ?? throw new UserErrorException($"--scenario {name} decided nothing in '{directory}': name one of {names}", Cli.Usage)
            : known switch
            {
                [var one] => one,
                [] => throw new UserErrorException($"the journal in '{directory}' has no decision: serve or replay something first"),
                _ => throw new UserErrorException($"the journal in '{directory}' has decisions of {names}: name one with --scenario", Cli.Usage),
            };
    }

    private static OffPolicyOptions OptionsOf(ParseResult arguments) => new()
    {
        Trainer = TrainerOf(arguments),
        Folds = arguments.GetValue(Folds),
        Resamples = arguments.GetValue(Resamples),
        Seed = arguments.GetValue(Seed),
    };

    private static IRewardTrainer? TrainerOf(ParseResult arguments) => arguments.GetValue(RewardModel) switch
    {
        "logistic" => new LogisticRewards(),
        "lightgbm" => new BoostedRewards(new BoostedRewardOptions()),
        _ => null,
    };

    private static T WithProgress<T>(ParseResult arguments, string what, int count, Func<Action<int>, T> work)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(arguments.InvocationConfiguration.Error) });
        return console.Progress().HideCompleted(true).Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new RemainingTimeColumn()).Start(context =>
        {
            var task = context.AddTask(what, maxValue: count);
            return work(done => task.Value = done);
        });
    }

    private static void WriteJson(ParseResult arguments, JsonNode json)
    {
        if (arguments.GetValue(JsonFile) is { } file)
        {
            PolicyJson.Write(file, json);
        }
    }
}
