using AptRl.Model.Datasets;
using AptRl.Model.Heads;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>A dueling double deep Q-network by itself: it starts from the supervised encoder, learns from the log, and ranks by Q alone.</summary>
/// <remarks>
/// Deep Q-learning (Mnih et al. 2015) with the double estimate of van Hasselt et al. 2016 (arXiv:1509.06461) and the dueling form
/// of Wang et al. 2016 (arXiv:1511.06581), offline: the log takes the place of the replay memory, two heads with a coin take that
/// of the target network. First the encoder is fitted to the next item; then two passes of <see cref="ValueLoss"/> without the
/// cross-entropy move all of it. What it shows is how much of a ranking the rewards alone can carry.
/// </remarks>
public sealed class DqnRecipe : IRecipe
{
    private const int FineTuningEpochs = 2;
    private const double FineTuningRate = .002;

    /// <inheritdoc/>
    public string Name => "dqn";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = ["10 negative actions", "10 negative actions, conservative penalty 1", "no negative actions"];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var options = Options(trial);
        var (fitted, sequences) = NetworkFit.Fit(training, ValueFit.Settings(HeadSettings.Training(context), null), context);
        var (network, figures) = ((ValueNetwork)fitted, new Dictionary<string, double>());
        var (part, held) = training.HoldOut();
        FineTune(network, sequences, part, options, context);
        ValueCalibration.Measure(network, sequences, training, held, options, context, figures);
        (network.SupervisedWeight, network.ValueWeight) = (0, 1);
        return new HeadedRecommender(network, sequences, training.Items.Length, figures);
    }

    internal static ValueOptions Options(int trial) => new()
    {
        SupervisedWeight = 0,
        NegativeActions = trial == 2 ? 0 : 10,
        Conservatism = trial == 1 ? 1 : 0,
    };

    private static void FineTune(ValueNetwork network, TrainingSequences sequences, TrainingPart part, ValueOptions options, FitContext context)
    {
        var trained = HeadSettings.Training(context) with { EpochsMax = FineTuningEpochs, LearningRate = FineTuningRate, Seed = context.Seed + 1 };
        var loss = ValueFit.Loss(network, sequences, part, trained, options);
        new NetworkTrainer(network, sequences, trained, loss: loss).Run([], checkpoint: null, progress: null, context.Cancellation);
    }
}
