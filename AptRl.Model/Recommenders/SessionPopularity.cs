using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>What was touched most in this very history; then what is popular.</summary>
/// <remarks>
/// S-POP of Hidasi et al. 2016 (arXiv:1511.06939, section 4), ties by popularity in the whole training part. Difference:
/// the trials also count an older touch less, by half for every so many touches since.
/// </remarks>
public sealed class SessionPopularity : IRecipe
{
    private static readonly double[] HalfLives = [4, double.PositiveInfinity, 8, 2];

    /// <inheritdoc/>
    public string Name => "session-popularity";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
        ["halving every 4 touches", "every touch alike", "halving every 8 touches", "halving every 2 touches"];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        var kept = Math.Pow(.5, 1 / HalfLives[trial]);
        return new EvidenceRecommender(PopularityFloor.AllTime(training), (history, evidence) =>
        {
            // Equal counts must stay equal for popularity to tell them apart: whole numbers over one power of 2.
            var unit = 1f / float.Exp2(MathF.Ceiling(MathF.Log2(history.Length + 1)));
            for (var at = 0; at < history.Length; at++)
            {
                if (history[at] is { Item: >= 0, IsWanted: true })
                {
                    evidence[history[at].Item] += unit * (float)Math.Pow(kept, history.Length - 1 - at);
                }
            }
        });
    }
}
