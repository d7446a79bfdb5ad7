using AptRl.Model.Datasets;
using AptRl.Model.Heads;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>Fits an encoder with Q heads beside the next item, and chooses on held-out questions how much Q says in ranking.</summary>
internal static class ValueFit
{
    /// <param name="training">What is fitted to.</param>
    /// <param name="options">What the heads learn.</param>
    /// <param name="context">Seed, progress, bounds.</param>
    /// <param name="ranksByValue">Whether Q may say anything in ranking; otherwise the supervised scores rank alone.</param>
    internal static IRecommender Of(TrainingPart training, ValueOptions options, FitContext context, bool ranksByValue = true)
    {
        var trained = HeadSettings.Training(context);
        var (fitted, sequences) = NetworkFit.Fit(training, Settings(trained, options), context);
        var (network, figures) = ((ValueNetwork)fitted, new Dictionary<string, double>());
        var (_, held) = training.HoldOut();
        ValueCalibration.Measure(network, sequences, training, held, options, context, figures);
        network.ValueWeight = ranksByValue ? ValueRanking.Choose(network, sequences, held, options, trained, figures, context.Cancellation) : 0;
        return new HeadedRecommender(network, sequences, training.Items.Length, figures);
    }

    /// <param name="trained">How it is trained.</param>
    /// <param name="options">What the heads learn; null for nothing, so that they stay as drawn.</param>
    internal static NetworkSettings Settings(TrainingOptions trained, ValueOptions? options)
        => new($"{HeadSettings.Shape} {options}", (rows, seed) => new ValueNetwork(HeadSettings.Shape, rows, seed), trained)
        {
            Loss = options is null ? null : (network, sequences, part) => Loss((ValueNetwork)network, sequences, part, trained, options),
        };

    internal static ValueLoss Loss(ValueNetwork network, TrainingSequences sequences, TrainingPart part, TrainingOptions trained, ValueOptions options)
        => new(network, sequences, trained, new LoggedReturns(part.Sequences, options, trained.Seed), options);
}
