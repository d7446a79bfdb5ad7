using AptRl.Model.Events;
using AptRl.Model.Exploration;

namespace AptRl.Model.Policies;

/// <summary>One position of a drawn slate.</summary>
/// <param name="Candidate">Index into the candidates.</param>
/// <param name="Propensity">Probability with which it was drawn here, given those above; in (0, 1].</param>
/// <param name="Explored">Whether a better one was left that could have stood here.</param>
public readonly record struct Drawn(int Candidate, double Propensity, bool Explored);

/// <summary>Draws a slate from scores, position by position without replacement.</summary>
/// <remarks>
/// At each position the rule of exploration gives each candidate that is left its probability, floor and cap are applied,
/// and one uniform number draws. A position's propensity is the probability at its stage, so that of the slate is their product.
/// Difference from Plackett-Luce over one fixed set of weights: weights are taken anew over what is left. With fixed
/// inverse-gap weights the best item carries nearly all mass, and once it is drawn the others are nearly uniform, so that
/// exploration eats every position below the first.
/// </remarks>
public static class SlateDraw
{
    /// <summary>γ above which a draw by inverse gap weighting is greedy in all but name.</summary>
    public const double Greedy = 1e12;

    /// <summary>Draws by inverse gap weighting.</summary>
    /// <param name="scores">Value of each candidate, best first. Equal scores are told apart by their place.</param>
    /// <param name="gamma">γ ≥ 0, in 1/reward.</param>
    /// <param name="count">Positions to fill; fewer where there are fewer candidates.</param>
    /// <param name="chance">The stream of this decision: position n takes its n-th draw.</param>
    /// <exception cref="ArgumentException">A score is not a number or out of order, or γ is negative or not a number.</exception>
    public static Drawn[] Draw(ReadOnlySpan<float> scores, double gamma, int count, Chance chance)
        => Draw(ExplorationRule.InverseGap, scores, gamma, [], default, count, chance);

    /// <summary>Draws by a rule, with nothing bounded.</summary>
    /// <param name="rule">The rule with its floor and cap.</param>
    /// <param name="scores">Value of each candidate, best first. Equal scores are told apart by their place.</param>
    /// <param name="parameter">The rule's parameter, 0 or above.</param>
    /// <param name="orders">Draws of the posterior (<see cref="Decision.Orders"/>); empty but for Thompson sampling.</param>
    /// <param name="count">Positions to fill; fewer where there are fewer candidates.</param>
    /// <param name="chance">The stream of this decision: position n takes its n-th draw.</param>
    /// <exception cref="ArgumentException">A score is not a number or out of order, or the parameter is negative or not a number.</exception>
    public static Drawn[] Draw(
        ExplorationRule rule, ReadOnlySpan<float> scores, double parameter, ReadOnlySpan<int> orders, int count, Chance chance)
        => Draw(rule, scores, parameter, orders, default, count, chance);

    /// <summary>Draws by a rule.</summary>
    /// <param name="rule">The rule with its floor and cap.</param>
    /// <param name="scores">Value of each candidate, best first. Equal scores are told apart by their place.</param>
    /// <param name="parameter">The rule's parameter, 0 or above.</param>
    /// <param name="orders">Draws of the posterior (<see cref="Decision.Orders"/>); empty but for Thompson sampling.</param>
    /// <param name="bound">What may not stand together: at each position the rule sees only what may stand there.</param>
    /// <param name="count">Positions to fill; fewer where there are fewer candidates.</param>
    /// <param name="chance">The stream of this decision: position n takes its n-th draw.</param>
    /// <exception cref="ArgumentException">A score is not a number or out of order, or the parameter is negative or not a number.</exception>
    public static Drawn[] Draw(
        ExplorationRule rule, ReadOnlySpan<float> scores, double parameter, ReadOnlySpan<int> orders, GroupBound bound, int count, Chance chance)
    {
        if (parameter is not >= 0)
        {
            throw new ArgumentException($"the parameter {parameter} of exploration is not 0 or above", nameof(parameter));
        }

        for (var i = 0; i < scores.Length; i++)
        {
            if (float.IsNaN(scores[i]) || (i > 0 && scores[i] > scores[i - 1]))
            {
                throw new ArgumentException($"score {scores[i]} at {i} is not a number or out of order: sort the best first", nameof(scores));
            }
        }

        var exploration = Explorations.Of(rule.Kind);
        var slate = new Drawn[Math.Min(count, scores.Length)];
        var left = new int[scores.Length];
        var leftScores = new float[scores.Length];
        var probabilities = new double[scores.Length];
        var (shown, allowed) = (new bool[scores.Length], new bool[scores.Length]);
        for (var position = 0; position < slate.Length; position++)
        {
            bound.Fill(shown, allowed);
            var size = 0;
            for (var i = 0; i < allowed.Length; i++)
            {
                if (allowed[i])
                {
                    (left[size], leftScores[size]) = (i, scores[i]);
                    size++;
                }
            }

            var shares = probabilities.AsSpan(0, size);
            exploration.Fill(new Stage(leftScores.AsSpan(0, size), left.AsSpan(0, size), parameter, orders, slate.Length), shares);
            Bounds.Apply(shares, rule.Floor, rule.Cap);
            var place = Draw(shares, chance.NextDouble());
            slate[position] = new Drawn(left[place], shares[place], place > 0);
            shown[left[place]] = true;
        }

        return slate;
    }

    // The best is walked to last: its share is what the others leave over. Where rounding leaves it none, it is the next that has some.
    private static int Draw(ReadOnlySpan<double> shares, double uniform)
    {
        var others = 0.0;
        for (var place = shares.Length - 1; place > 0; place--)
        {
            others += shares[place];
            if (uniform < others)
            {
                return place;
            }
        }

        var first = 0;
        while (shares[first] <= 0)
        {
            first++;
        }

        return first;
    }
}
