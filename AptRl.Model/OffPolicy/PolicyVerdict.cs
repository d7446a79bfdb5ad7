using System.Globalization;
using AptRl.Model.Evaluation;

namespace AptRl.Model.OffPolicy;

/// <summary>What a log can say about a target policy against the one that made it.</summary>
public enum VerdictKind
{
    /// <summary>The log cannot carry a verdict.</summary>
    Refused = 0,

    /// <summary>The interval of the difference holds 0.</summary>
    Undecided = 1,

    /// <summary>The target earns more.</summary>
    Better = 2,

    /// <summary>The target earns less.</summary>
    Worse = 3,
}

/// <summary>A verdict with its reasons, and the way out where it is a refusal.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Reasons">Why; of a refusal, each with the way out.</param>
public sealed record PolicyVerdict(VerdictKind Kind, IReadOnlyList<string> Reasons)
{
    /// <summary>Effective sample size below which nothing is said.</summary>
    public const double EffectiveSampleSizeMin = 100;

    /// <summary>Rewarded rounds below which nothing is said: intervals by resampling need some to resample.</summary>
    public const int RewardedMin = 20;

    /// <summary>How far the mean weight may be from 1, beyond three standard errors.</summary>
    public const double WeightMeanTolerance = 0.05;

    /// <summary>Share of what the target shows that may be without support.</summary>
    public const double UnsupportedMax = 0.05;

    /// <summary>Judges.</summary>
    /// <param name="overlap">How well the log covers the target.</param>
    /// <param name="gain">The target's value minus the log's, with a 95 % interval.</param>
    public static PolicyVerdict Of(Overlap overlap, ConfidenceInterval gain)
    {
        string[] reasons = [.. Doubts(overlap)];
        if (reasons.Length > 0)
        {
            return new PolicyVerdict(VerdictKind.Refused, reasons);
        }

        var range = $"the target earns {Signed(gain.Mean)} a round against what was logged ({Signed(gain.Low)} to {Signed(gain.High)})";
        return gain switch
        {
            { Low: > 0 } => new PolicyVerdict(VerdictKind.Better, [range]),
            { High: < 0 } => new PolicyVerdict(VerdictKind.Worse, [range]),
            _ => new PolicyVerdict(VerdictKind.Undecided, [range + ": the interval holds 0, a longer log may tell"]),
        };
    }

    private static IEnumerable<string> Doubts(Overlap overlap)
    {
        if (overlap.EffectiveSampleSize < EffectiveSampleSizeMin)
        {
            yield return Text($"effective sample size {overlap.EffectiveSampleSize:F1} of {overlap.Rounds} rounds is below {EffectiveSampleSizeMin}: log more, or judge a target closer to what was logged");
        }

        if (overlap.Rewarded < RewardedMin)
        {
            yield return Text($"{overlap.Rewarded} rounds that the target may show earned a reward, fewer than {RewardedMin}: log more, or judge by a more frequent reward");
        }

        if (Math.Abs(overlap.WeightMean - 1) > Math.Max(WeightMeanTolerance, 3 * overlap.WeightMeanError))
        {
            yield return Text($"mean weight {overlap.WeightMean:F3} ± {overlap.WeightMeanError:F3} is not 1: the logged propensities are not those of the policy that logged, or do not cover the target; log exact propensities");
        }

        if (overlap.Unsupported > UnsupportedMax)
        {
            yield return Text($"{100 * overlap.Unsupported:F1} % of what the target shows was never shown, more than {100 * UnsupportedMax:F0} %: explore more while logging, or take these actions out of the target");
        }
    }

    // Rounded first: what would be shown as 0 has no sign.
    private static string Signed(double number) => Math.Round(number, 5).ToString("+0.#####;-0.#####;0", CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
