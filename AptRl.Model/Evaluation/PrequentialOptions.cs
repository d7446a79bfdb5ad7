namespace AptRl.Model.Evaluation;

/// <summary>Which part of a log is fitted, and which is asked about and then learned.</summary>
public sealed record PrequentialOptions
{
    /// <summary>Share of the touches, the oldest, that recommenders are fitted to. Default 0.5, in (0, 1).</summary>
    public double FitShare { get; init; } = .5;

    /// <summary>Share of the touches after which the run ends. Default 1, above <see cref="FitShare"/>.</summary>
    public double UntilShare { get; init; } = 1;

    /// <summary>Bootstrap resamples of an interval. Default 1,000.</summary>
    public int Resamples { get; init; } = 1_000;

    /// <summary>The same seed gives the same report. Default 1.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An option is out of its range.</exception>
    public PrequentialOptions Checked()
    {
        if (!(FitShare > 0 && FitShare < 1))
        {
            throw new ArgumentOutOfRangeException(nameof(FitShare), FitShare, $"FitShare {FitShare} is not between 0 and 1: give 0.5, say");
        }

        if (!(UntilShare > FitShare && UntilShare <= 1))
        {
            throw new ArgumentOutOfRangeException(
                nameof(UntilShare), UntilShare, $"UntilShare {UntilShare} is not above FitShare {FitShare} and at most 1: nothing would be asked");
        }

        ArgumentOutOfRangeException.ThrowIfLessThan(Resamples, 40);
        return this;
    }
}
