namespace AptRl.Model.Recommenders;

/// <summary>What a fit is given beside its data.</summary>
/// <param name="Seed">Decides everything that is drawn: the same seed fits the same model.</param>
/// <param name="Quick">Whether a rough model soon is wanted rather than the best one: a fraction of the epochs.</param>
/// <param name="Progress">Told how far it is, in [0, 1], with a word about it; may be null.</param>
/// <param name="Cancellation">Stops it.</param>
public sealed record FitContext(ulong Seed, bool Quick, IProgress<(double Share, string Note)>? Progress, CancellationToken Cancellation)
{
    /// <summary>A folder for what a fit may keep to go on from after a kill, or share with another fit; null keeps nothing.</summary>
    public string? WorkFolder { get; init; }

    /// <summary>Told the seconds of an earlier fit that this one builds on, so that its time is the whole time.</summary>
    public Action<double>? SpentEarlier { get; init; }
}
