using AptRl.Model.Policies;

namespace AptRl.Model.OffPolicy.Slates;

/// <summary>Scores under an exploration parameter: how <see cref="SlateDraw"/> draws.</summary>
/// <remarks>p(i) = 1 / (M + γ·(m* - mᵢ)) over the M that are left, the best has the rest; γ = 0 is uniform.</remarks>
/// <param name="name">Its name in reports.</param>
/// <param name="gammaOf">γ for a slate, from the slate and the γ that it was drawn by.</param>
/// <param name="scoresOf">Score of each candidate; of equals the first counts as better.</param>
public sealed class InverseGapSlates(string name, Func<LoggedSlate, double> gammaOf, Func<LoggedSlate, IReadOnlyList<float>> scoresOf) : ISlatePolicy
{
    /// <summary>With the logged scores.</summary>
    /// <param name="name">Its name in reports.</param>
    /// <param name="gammaOf">γ for a slate, from the slate and the γ that it was drawn by.</param>
    public InverseGapSlates(string name, Func<LoggedSlate, double> gammaOf)
        : this(name, gammaOf, slate => slate.Scores)
    {
    }

    /// <summary>The policy that drew the log: its own scores, its own γ.</summary>
    public static InverseGapSlates Logging { get; } = new("logged", slate => slate.Gamma);

    /// <summary>All candidates alike.</summary>
    public static InverseGapSlates Uniform { get; } = new(ScenarioOptions.Uniform, _ => 0);

    /// <inheritdoc/>
    public string Name => name;

    /// <inheritdoc/>
    public void FillNext(LoggedSlate slate, ReadOnlySpan<bool> shown, Span<double> probabilities)
    {
        var (gamma, scores, left, best) = (gammaOf(slate), scoresOf(slate), 0, -1);
        Span<bool> allowed = stackalloc bool[shown.Length];
        slate.FillAllowed(shown, allowed);
        for (var i = 0; i < shown.Length; i++)
        {
            left += allowed[i] ? 1 : 0;
            best = allowed[i] && (best < 0 || scores[i] > scores[best]) ? i : best;
        }

        // As the draw adds: from the last to the second best, so that the best's share has the same bits.
        var others = 0.0;
        for (var i = shown.Length - 1; i >= 0; i--)
        {
            probabilities[i] = 0;
            if (allowed[i] && i != best)
            {
                var gap = scores[best] - scores[i];
                others += probabilities[i] = 1 / (left + (gap == 0 ? 0 : gamma * gap));
            }
        }

        if (best >= 0)
        {
            probabilities[best] = 1 - others;
        }
    }
}
