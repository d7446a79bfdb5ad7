using AptRl.Model.Events;

namespace AptRl.Model.Exploration;

/// <summary>Tries an item as often as the posterior believes that it is the best of what is left.</summary>
/// <remarks>
/// θ̃ ~ N(θ̂, σ²A⁻¹), the item with the largest θ̃·x: Thompson 1933; for linear rewards Agrawal and Goyal 2013
/// (arXiv:1209.3352), their v is our σ = σ₀/√((1 + touches)/21). The probability has no closed form: it is estimated as the
/// share of a hundred draws of θ̃ that put the item first. Difference: the slate is drawn from these shares, not by one
/// more θ̃. So the logged propensity estimates the posterior's probability, and is at the same time exactly the
/// probability of this draw, given the hundred, which are kept with the decision. An item that no draw puts first has
/// probability 0; a floor gives it its chance.
/// </remarks>
public sealed class Thompson : IExploration
{
    /// <summary>Draws of the posterior for each decision: a share p is known to √(p(1-p)/100), 0.05 at most.</summary>
    public const int PosteriorDraws = 100;

    /// <inheritdoc/>
    public ExplorationKind Kind => ExplorationKind.Thompson;

    /// <inheritdoc/>
    public double DefaultScale => 0.1;

    /// <inheritdoc/>
    public double ParameterOf(double scale, double rows, int touches) => scale / ShortWindow.Knowledge(touches);

    /// <inheritdoc/>
    public void Fill(in Stage stage, Span<double> probabilities)
    {
        probabilities.Clear();
        var votes = stage.Orders.Length / Math.Max(1, stage.OrderLength);
        if (votes == 0)
        {
            probabilities[0] = 1;
            return;
        }

        for (var from = 0; from < stage.Orders.Length; from += stage.OrderLength)
        {
            probabilities[FirstLeft(stage.Orders.Slice(from, stage.OrderLength), stage.Left)]++;
        }

        for (var place = 0; place < probabilities.Length; place++)
        {
            probabilities[place] /= votes;
        }
    }

    // An order is as long as the slate, so one of it is left at each position.
    private static int FirstLeft(ReadOnlySpan<int> order, ReadOnlySpan<int> left)
    {
        foreach (var candidate in order)
        {
            if (left.IndexOf(candidate) is >= 0 and var place)
            {
                return place;
            }
        }

        return 0;
    }
}
