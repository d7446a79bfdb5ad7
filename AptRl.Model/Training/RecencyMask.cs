using AptRl.Model.Events;

namespace AptRl.Model.Training;

/// <summary>Hides the newest touches from some predictions, so that a state does not lean on the last touch alone.</summary>
/// <remarks>
/// After the random window of time that TransAct hides in training (Xia et al. 2023, arXiv:2306.00248). Differences: a
/// number of touches instead of hours; and since a position sees nothing behind it, hiding h touches is to predict from the
/// position h earlier, at no cost.
/// </remarks>
/// <param name="share">Of the predictions.</param>
/// <param name="chance">Draws.</param>
internal sealed class RecencyMask(double share, Chance chance)
{
    internal const int TouchesMax = 3;

    private Chance _chance = chance;

    /// <summary>How many of the newest touches the next prediction goes without; never more than there are.</summary>
    internal int Hides(int touches)
        => share > 0 && _chance.NextDouble() < share ? Math.Min(1 + _chance.Next(TouchesMax), touches) : 0;
}
