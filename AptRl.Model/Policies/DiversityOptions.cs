using AptRl.Model.Events;

namespace AptRl.Model.Policies;

/// <summary>Bounds on how concentrated what the learning policy shows may be. Changing them keeps all that was learned.</summary>
/// <remarks>
/// Both are applied before the draw: what a bound forbids has probability 0 at its position and the rule of exploration shares out
/// the rest, so that propensities stay exact. Holdouts are not bounded.
/// </remarks>
public sealed record DiversityOptions
{
    /// <summary>
    /// Items of one category in a slate at most; 0, the default, is no bound. An item's category is the first that the catalogue
    /// names; an item without one is not bounded. Where nothing else is left, the bound gives way.
    /// </summary>
    public int CategoryMax { get; init; }

    /// <summary>
    /// Share, in (0, 1], of the last slates that an item may stand in; an item above it is no candidate until it is below again. 1,
    /// the default, is no bound. The caller's own candidates and arms are not bounded. The learner must count (<see cref="Learning.LearnerOptions.ExposureSlates"/>).
    /// </summary>
    public double ExposureMax { get; init; } = 1;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">They do not; the text says which and why.</exception>
    public DiversityOptions Checked()
        => CategoryMax >= 0 && ExposureMax is > 0 and <= 1
            ? this
            : throw new ArgumentException($"diversity with category {CategoryMax} and exposure {ExposureMax}: the category's bound must be 0 or above, the exposure's in (0, 1]");

    /// <summary>The category of each candidate as a number from 1, the same for the same category; 0 where it has none. Empty where nothing is bounded.</summary>
    internal int[] GroupsOf(IEnumerable<ItemId> candidates, Catalogue catalogue)
    {
        if (CategoryMax == 0)
        {
            return [];
        }

        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        return [.. candidates.Select(item =>
        {
            if (!catalogue.Items.TryGetValue(item, out var told) || told.Categories.IsEmpty)
            {
                return 0;
            }

            numbers.TryAdd(told.Categories[0], numbers.Count + 1);
            return numbers[told.Categories[0]];
        })];
    }
}
