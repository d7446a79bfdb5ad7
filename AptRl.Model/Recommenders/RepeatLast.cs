using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>What the user has just seen, newest first; then what is popular.</summary>
/// <remarks>
/// The baseline of repeat consumption: hard to beat where people buy what they looked at. The trials put the very last
/// item before or after the others of the history (a shop seldom shows the same page twice in a row), and order the rest
/// by all touches or by those of the last seven days.
/// </remarks>
public sealed class RepeatLast : IRecipe
{
    private const int ItemsMax = 1_000;
    private static readonly (bool LastIsLast, bool Recent)[] Settings = [(false, true), (true, true), (false, false), (true, false)];

    /// <inheritdoc/>
    public string Name => "repeat-last";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
        [.. Settings.Select(s => $"the last item {(s.LastIsLast ? "after" : "before")} the others, then {(s.Recent ? "7-day" : "all-time")} popularity")];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        var (lastIsLast, recent) = Settings[trial];
        return new EvidenceRecommender(recent ? PopularityFloor.By(Popularity7Days.Weights(training, double.PositiveInfinity), training) : PopularityFloor.AllTime(training), (history, evidence) =>
        {
            var items = RecentItems.Of(history, ItemsMax);
            for (var rank = 0; rank < items.Count; rank++)
            {
                evidence[items[rank]] = 1f - (lastIsLast && rank == 0 ? items.Count : rank) / (ItemsMax + 1f);
            }
        });
    }
}
