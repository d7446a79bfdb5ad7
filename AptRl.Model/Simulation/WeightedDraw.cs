using AptRl.Model.Events;

namespace AptRl.Model.Simulation;

/// <summary>Draws an index with probability proportional to its weight.</summary>
internal sealed class WeightedDraw
{
    private readonly double[] _cumulative;

    public WeightedDraw(IEnumerable<double> weights)
    {
        var sum = 0.0;
        _cumulative = [.. weights.Select(weight => sum += weight)];
    }

    /// <summary>Probability of an index.</summary>
    public double ShareOf(int index) => (_cumulative[index] - (index == 0 ? 0 : _cumulative[index - 1])) / _cumulative[^1];

    public int Draw(ref Chance chance)
    {
        var found = Array.BinarySearch(_cumulative, chance.NextDouble() * _cumulative[^1]);

        // An exact hit on a boundary belongs to the next index, as the share of index i is [sum before, sum with).
        return Math.Min(found < 0 ? ~found : found + 1, _cumulative.Length - 1);
    }
}
