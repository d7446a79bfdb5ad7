using AptRl.Model.Events;

namespace AptRl.Model.Policies;

/// <summary>One position of a drawn slate.</summary>
/// <param name="Candidate">Index into the candidates.</param>
/// <param name="Propensity">Probability with which it was drawn here, given those above; in (0, 1].</param>
/// <param name="Explored">Whether a better one was left that could have stood here.</param>
public readonly record struct Drawn(int Candidate, double Propensity, bool Explored);

/// <summary>Draws a slate from scores: stage-wise Plackett-Luce with inverse-gap weights.</summary>
/// <remarks>
/// At each position, over the M items left, p(i) = 1 / (M + γ·(m* - mᵢ)) for every i but the best, and the best has the
/// rest: Foster and Rakhlin 2020 (arXiv:2002.04926), eq. 6; γ = 0 is uniform, large γ greedy. A position's propensity is
/// the closed form at its stage, so exact, and the slate's is their product.
/// Difference from Plackett-Luce over one fixed set of weights: weights are taken anew over what is left. With fixed
/// weights the best item carries nearly all mass, and once it is drawn the others are nearly uniform, so that
/// exploration eats every position below the first.
/// </remarks>
public static class SlateDraw
{
    /// <summary>γ above which a draw is greedy in all but name.</summary>
    public const double Greedy = 1e12;

    /// <summary>Draws without replacement.</summary>
    /// <param name="scores">Value of each candidate, best first. Equal scores are told apart by their place.</param>
    /// <param name="gamma">γ ≥ 0, in 1/reward.</param>
    /// <param name="count">Positions to fill; fewer where there are fewer candidates.</param>
    /// <param name="chance">The stream of this decision: position n takes its n-th draw.</param>
    /// <exception cref="ArgumentException">A score is not a number or out of order, or γ is negative or not a number.</exception>
    public static Drawn[] Draw(ReadOnlySpan<float> scores, double gamma, int count, Chance chance)
    {
        if (gamma is not >= 0)
        {
            throw new ArgumentException($"gamma {gamma} is not 0 or above", nameof(gamma));
        }

        for (var i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i]) || (i > 0 && scores[i] > scores[i - 1]))
            {
                throw new ArgumentException($"score {scores[i]} at {i} is not a number or out of order: sort the best first", nameof(scores));
            }
        }

        var left = Enumerable.Range(0, scores.Length).ToList();
        var slate = new Drawn[Math.Min(count, scores.Length)];
        for (var position = 0; position < slate.Length; position++)
        {
            var (place, propensity) = Draw(scores, gamma, left, chance.NextDouble());
            slate[position] = new Drawn(left[place], propensity, place > 0);
            left.RemoveAt(place);
        }

        return slate;
    }

    // The best is walked to last: its share is what the others leave over.
    private static (int Place, double Propensity) Draw(ReadOnlySpan<float> scores, double gamma, List<int> left, double uniform)
    {
        var (best, others) = (scores[left[0]], 0.0);
        for (var place = left.Count - 1; place > 0; place--)
        {
            var gap = best - scores[left[place]];
            var probability = 1 / (left.Count + (gap == 0 ? 0 : gamma * gap));
            others += probability;
            if (uniform < others)
            {
                return (place, probability);
            }
        }

        return (0, 1 - others);
    }
}
