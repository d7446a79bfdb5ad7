using System.Collections.Immutable;
using AptRl.Model.Datasets;

namespace AptRl.Model.Evaluation;

/// <summary>How recipes are judged; the same for all of them.</summary>
public sealed record EvaluationOptions
{
    /// <summary>Settings of each recipe that are tried on validation, as far as it has so many. Default 1: the first, untried.</summary>
    public int Trials { get; init; } = 1;

    /// <summary>Fits with different seeds, over which metrics are averaged. Default 1.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>The first seed; the same seed gives the same report. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Whether rough models soon are wanted rather than the best. Default false.</summary>
    public bool Quick { get; init; }

    /// <summary>Test questions at most, evenly spread over all; null asks all. Default null.</summary>
    public int? TestMax { get; init; }

    /// <summary>Validation questions at most, evenly spread. Default 10,000, where the standard error of MRR@20 is below 0.005.</summary>
    public int ValidationMax { get; init; } = 10_000;

    /// <summary>Bootstrap resamples of an interval. Default 1,000.</summary>
    public int Resamples { get; init; } = 1_000;

    /// <summary>Where recipes may keep what they go on from after a kill or share with each other; null keeps nothing.</summary>
    public string? WorkFolder { get; init; }

    internal static ImmutableArray<AnsweredQuestion> Spread(ImmutableArray<AnsweredQuestion> questions, int? max)
        => max is not { } count || count >= questions.Length ? questions
            : [.. Enumerable.Range(0, count).Select(at => questions[(int)((long)at * questions.Length / count)])];

    internal EvaluationOptions Checked()
    {
        RequireAtLeast(Trials, 1, nameof(Trials));
        RequireAtLeast(Seeds, 1, nameof(Seeds));
        RequireAtLeast(TestMax ?? 1, 1, nameof(TestMax));
        RequireAtLeast(ValidationMax, 1, nameof(ValidationMax));
        RequireAtLeast(Resamples, 40, nameof(Resamples));
        return this;
    }

    private static void RequireAtLeast(int value, int least, string name)
    {
        if (value < least)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} {value} is below {least}: give {least} or more");
        }
    }
}
