namespace AptRl.Model.OffPolicy.Slates;

/// <summary>The best candidate that is left, always.</summary>
/// <param name="name">Its name in reports.</param>
/// <param name="valueOf">Value of a candidate of a slate; of equals the first is taken.</param>
public sealed class BestFirstSlates(string name, Func<LoggedSlate, int, double> valueOf) : ISlatePolicy
{
    /// <summary>By the logged scores: the policy that learned, without exploration.</summary>
    public static BestFirstSlates Greedy { get; } = new("greedy", (slate, candidate) => slate.Scores[candidate]);

    /// <summary>By touches of the week before the decision.</summary>
    public static BestFirstSlates Popular { get; } = new("popular", (slate, candidate) => slate.Popularity[candidate]);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public void FillNext(LoggedSlate slate, ReadOnlySpan<bool> shown, Span<double> probabilities)
    {
        probabilities.Clear();
        var best = -1;
        Span<bool> allowed = stackalloc bool[shown.Length];
        slate.FillAllowed(shown, allowed);
        for (var i = 0; i < shown.Length; i++)
        {
            best = allowed[i] && (best < 0 || valueOf(slate, i) > valueOf(slate, best)) ? i : best;
        }

        if (best >= 0)
        {
            probabilities[best] = 1;
        }
    }
}
