using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>What was touched most of late, whoever asks.</summary>
/// <remarks>
/// The last seven days before the newest touch of the training part. Where the data has no times, only sequences in
/// order, "of late" is the newest tenth of the touches by that order. Items outside that time follow by all their touches.
/// The trials weigh a touch less the older it is within that time.
/// </remarks>
public sealed class Popularity7Days : IRecipe
{
    private const long SevenDays = 7 * 24 * 3600;

    // A counter of sequences stays far below; no shop's log is older than 1973.
    private const long EarliestTime = 100_000_000;

    // Half-lives as a share of the time looked back on.
    private static readonly double[] HalfLives = [double.PositiveInfinity, .5, .25, .125];

    /// <inheritdoc/>
    public string Name => "popularity-7d";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
        ["7 days, every touch alike", "7 days, halving in 3.5 days", "7 days, halving in 42 hours", "7 days, halving in 21 hours"];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        return new EvidenceRecommender(PopularityFloor.By(Weights(training, HalfLives[trial]), training), (_, _) => { });
    }

    /// <summary>The touches of each item of late: [N].</summary>
    /// <param name="training">Where to count.</param>
    /// <param name="halfLife">After which share of the time looked back on a touch counts half.</param>
    internal static double[] Weights(TrainingPart training, double halfLife)
    {
        var weights = new double[training.Items.Length];
        long[] times = [.. training.Sequences.SelectMany(touches => touches).Select(touch => touch.Seconds)];
        var newest = times.DefaultIfEmpty().Max();
        var since = newest >= EarliestTime ? newest - SevenDays : TrainingPart.NewestTenth(times) - 1;
        double span = Math.Max(1, newest - since);
        foreach (var touch in training.Sequences.SelectMany(touches => touches))
        {
            if (touch is { Item: >= 0, IsWanted: true } && touch.Seconds > since)
            {
                weights[touch.Item] += Math.Pow(.5, (newest - touch.Seconds) / span / halfLife);
            }
        }

        return weights;
    }
}
