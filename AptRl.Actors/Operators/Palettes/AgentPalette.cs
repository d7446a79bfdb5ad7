using System.Text.Json;
using AptRl.Actors.Hosting;
using AptRl.Model.Events;
using AptRl.Model.Exploration;
using AptRl.Model.Learning;

namespace AptRl.Actors.Operators.Palettes;

/// <summary>What decides in each scenario, and by which encoder.</summary>
public static class AgentPalette
{
    /// <summary><c>agent list</c>.</summary>
    public static CommandPalette Palette { get; } = new(
        "agent",
        CommandDefinition.Of("list", "scenarios, what decides there and what it has learned", async call => CommandAnswer.Table(
            await call.Of<IPersonalizer>().ScenariosAsync(call.Cancellation).ConfigureAwait(false),
            ("scenario", view => view.Id.Value),
            ("learner", view => view.Options is { } its ? JsonNamingPolicy.KebabCaseLower.ConvertName(its.Learner.Kind.ToString()) : null),
            ("exploration", ExplorationOf), ("version", view => view.PolicyVersion), ("lessons", view => view.Lessons), ("hash", view => view.PolicyHash))));

    /// <summary><c>encoder</c>.</summary>
    public static CommandPalette Encoder { get; } = new(
        "encoder",
        CommandDefinition.Of("", "the encoder in force, by scenario", async call => CommandAnswer.Table(
            await call.Of<IPersonalizer>().ScenariosAsync(call.Cancellation).ConfigureAwait(false),
            ("scenario", view => view.Id.Value), ("encoder", view => view.ModelVersion))));

    // The actor draws by its own softmax, whatever rule is set for values.
    private static string? ExplorationOf(ScenarioView view)
        => view.Options is { } its ? Explorations.NameOf(its.Learner.Kind is LearnerKind.ActorCritic ? ExplorationKind.Softmax : its.Exploring.Kind) : null;
}
