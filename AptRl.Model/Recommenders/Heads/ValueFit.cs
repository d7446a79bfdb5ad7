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
        var (weight, figures) = (0d, new Dictionary<string, double>());
        var (network, sequences) = NetworkFit.Fit(training, Settings(trained, options, (held, known, validation) =>
        {
            weight = ranksByValue ? ValueRanking.Choose(held, known, validation, options, trained, figures, context.Cancellation) : 0;
            held.ValueWeight = 0;
            ValueCalibration.Measure(held, known, training, validation, options, context, figures);
        }), context);
        ((ValueNetwork)network).ValueWeight = weight;
        return new HeadedRecommender(network, sequences, training.Items.Length, figures);
    }

    /// <param name="trained">How it is trained.</param>
    /// <param name="options">What the heads learn; null for nothing, so that they stay as drawn.</param>
    /// <param name="judged">Told the network that something was held out from, with that.</param>
    internal static NetworkSettings Settings(
        TrainingOptions trained, ValueOptions? options, Action<ValueNetwork, TrainingSequences, IReadOnlyList<AnsweredQuestion>> judged)
        => new($"{HeadSettings.Shape} {options}", (rows, seed) => new ValueNetwork(HeadSettings.Shape, rows, seed), trained)
        {
            Loss = options is null ? null : (network, sequences, part) => Loss((ValueNetwork)network, sequences, part, trained, options),
            Judged = (network, sequences, validation) => judged((ValueNetwork)network, sequences, validation),
        };

    internal static ValueLoss Loss(ValueNetwork network, TrainingSequences sequences, TrainingPart part, TrainingOptions trained, ValueOptions options)
        => new(network, sequences, trained, new LoggedReturns(part.Sequences, options, trained.Seed), options);
}
