using AptRl.Model.Events;

namespace AptRl.Model.Exploration;

/// <summary>The rules of exploration, by kind and by name.</summary>
public static class Explorations
{
    private static readonly IExploration[] All = [new InverseGap(), new Softmax(), new Thompson(), new LinUcb(), new EpsilonGreedy()];

    /// <summary>The names, as configuration and HTTP write them.</summary>
    public static IReadOnlyList<string> Names { get; } = ["inverse-gap", "softmax", "thompson", "linucb", "epsilon-greedy"];

    /// <summary>The rule of a kind.</summary>
    /// <exception cref="ArgumentException">There is none: the decision was written by a newer version.</exception>
    public static IExploration Of(ExplorationKind kind)
        => (int)kind is >= 0 and var index && index < All.Length ? All[index] : throw new ArgumentException($"exploration {(int)kind} is not one of ours", nameof(kind));

    /// <summary>The name of a kind.</summary>
    public static string NameOf(ExplorationKind kind) => Names[(int)Of(kind).Kind];

    /// <summary>The kind of a name.</summary>
    /// <exception cref="ArgumentException">There is none of this name; the text lists them.</exception>
    public static ExplorationKind Parse(string name)
        => Names.ToList().IndexOf(name) is >= 0 and var index
            ? (ExplorationKind)index
            : throw new ArgumentException($"exploration '{name}' is not one of {string.Join(", ", Names)}");
}
