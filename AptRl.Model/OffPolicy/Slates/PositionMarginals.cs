using AptRl.Model.Events;

namespace AptRl.Model.OffPolicy.Slates;

/// <summary>Probability that a policy puts what was shown at its position, whatever stands above.</summary>
/// <remarks>
/// p(aₖ at k) = Σ over prefixes p(prefix) p(aₖ | prefix). Summed over all prefixes while there are few; else the mean of
/// p(aₖ | prefix) over drawn prefixes (Rao-Blackwell: the last step is exact), and not below what the logged prefix alone
/// gives, so that it is never 0 where the logged slate is possible. Estimated ones are marked as such by the reports.
/// </remarks>
public static class PositionMarginals
{
    /// <summary>Prefixes up to which the sum is exact.</summary>
    public const int ExactMax = 512;

    private const int Drawn = 64;

    /// <summary>Whether the sum over prefixes is exact for such a slate.</summary>
    public static bool IsExact(int candidates, int positions)
    {
        var (prefixes, level) = (0L, 1L);
        for (var position = 0; position < positions && prefixes <= ExactMax; position++)
        {
            prefixes += level;
            level *= Math.Max(candidates - position, 1);
        }

        return prefixes <= ExactMax;
    }

    /// <summary>The probability at each position.</summary>
    /// <param name="slate">What could be shown and what was.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="chance">Draws prefixes where there are many.</param>
    public static double[] Of(LoggedSlate slate, ISlatePolicy policy, Chance chance)
    {
        var marginals = new double[slate.Places.Count];
        var shown = new bool[slate.Candidates.Count];
        if (IsExact(shown.Length, marginals.Length))
        {
            Sum(slate, policy, 0, 1, shown, marginals);
            return marginals;
        }

        var probabilities = new double[shown.Length];
        for (var draw = 0; draw < Drawn; draw++)
        {
            Array.Clear(shown);
            for (var position = 0; position < marginals.Length; position++)
            {
                policy.FillNext(slate, shown, probabilities);
                marginals[position] += probabilities[slate.Places[position].Candidate] / Drawn;
                shown[Draw(probabilities, chance.NextDouble())] = true;
            }
        }

        Array.Clear(shown);
        var prefix = 1.0;
        for (var position = 0; position < marginals.Length; position++)
        {
            policy.FillNext(slate, shown, probabilities);
            prefix *= probabilities[slate.Places[position].Candidate];
            marginals[position] = Math.Max(marginals[position], prefix);
            shown[slate.Places[position].Candidate] = true;
        }

        return marginals;
    }

    private static void Sum(LoggedSlate slate, ISlatePolicy policy, int position, double prefix, bool[] shown, double[] marginals)
    {
        var probabilities = new double[shown.Length];
        policy.FillNext(slate, shown, probabilities);
        marginals[position] += prefix * probabilities[slate.Places[position].Candidate];
        for (var candidate = 0; position + 1 < marginals.Length && candidate < shown.Length; candidate++)
        {
            if (probabilities[candidate] > 0)
            {
                shown[candidate] = true;
                Sum(slate, policy, position + 1, prefix * probabilities[candidate], shown, marginals);
                shown[candidate] = false;
            }
        }
    }

    internal static int Draw(ReadOnlySpan<double> probabilities, double uniform)
    {
        var last = 0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            if (probabilities[i] > 0)
            {
                last = i;
                if ((uniform -= probabilities[i]) < 0)
                {
                    break;
                }
            }
        }

        return last;
    }
}
