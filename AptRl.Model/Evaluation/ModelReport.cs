using System.Collections.Immutable;

namespace AptRl.Model.Evaluation;

/// <summary>What one setting of a recipe was worth on validation.</summary>
/// <param name="Settings">In words.</param>
/// <param name="ReciprocalRankAt20">MRR@20 on the part of the training data that was held out.</param>
/// <param name="HitRateAt20">HR@20 there.</param>
/// <param name="FitSeconds">How long the fit took.</param>
public sealed record TrialReport(string Settings, double ReciprocalRankAt20, double HitRateAt20, double FitSeconds);

/// <summary>What became of one recipe.</summary>
/// <param name="Name">The recipe's.</param>
/// <param name="Settings">Those that it was fitted with for the test.</param>
/// <param name="Trials">What was tried on validation; empty where nothing was.</param>
/// <param name="TuneSeconds">How long the trials took in all.</param>
/// <param name="TrainSeconds">Fit to the whole training part, mean over seeds.</param>
/// <param name="PredictMilliseconds">Scoring the whole catalogue for one question asked alone: the median.</param>
/// <param name="PeakMemoryMegabytes">The most that the whole process, data included, held while fitting and answering (2²⁰ bytes).</param>
/// <param name="Seeds">How it did on the test, one per seed.</param>
public sealed record ModelReport(
    string Name,
    string Settings,
    ImmutableArray<TrialReport> Trials,
    double TuneSeconds,
    double TrainSeconds,
    double PredictMilliseconds,
    double PeakMemoryMegabytes,
    ImmutableArray<Judgement> Seeds)
{
    /// <summary>What the model tells of itself in numbers, one set a seed; empty for one that tells nothing.</summary>
    public ImmutableArray<IReadOnlyDictionary<string, double>> Figures { get; init; } = [];

    /// <summary>How well it foretells the kind of the next touch, one a seed; empty for one that does not, or where no kinds are told.</summary>
    public ImmutableArray<NextActionReport> NextActions { get; init; } = [];
}
