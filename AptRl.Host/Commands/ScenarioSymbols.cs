using System.CommandLine;

namespace AptRl.Host.Commands;

/// <summary>Options that say how scenarios learn and explore, the same in every verb that has them.</summary>
internal static class ScenarioSymbols
{
    public static readonly Option<string[]> Learner = new("--learner")
    {
        Description = "What learns the policy: ridge (default), actor-critic or deep-q; SCENARIO=KIND for one scenario. May be repeated.",
    };

    public static readonly Option<string[]> Exploration = new("--exploration")
    {
        Description = "How is explored: inverse-gap (default), softmax, thompson, linucb or epsilon-greedy; KIND:SCALE sets the scale, ',floor=P' and ',cap=P' its bounds, SCENARIO=KIND is for one scenario. May be repeated.",
    };

    public static readonly Option<string[]> Diversity = new("--diversity")
    {
        Description = "How concentrated slates may be: category=N items of one category at most, exposure=P share of the last slates that an item may stand in, or both with a comma; SCENARIO:BOUNDS is for one scenario. May be repeated.",
    };

    /// <summary>What was given, as the configuration writes it; null where nothing was.</summary>
    public static string? Text(ParseResult arguments, Option<string[]> option)
        => arguments.GetValue(option) is { Length: > 0 } given ? string.Join(';', given) : null;
}
