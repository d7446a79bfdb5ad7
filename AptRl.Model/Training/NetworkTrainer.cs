using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>The loop that trains every network here, the shop's encoder and the ones that it is compared with.</summary>
/// <remarks>
/// Sequences of like length share a batch, so that little is padded. The epoch that is best on validation is kept. All
/// that is drawn hangs on seed, epoch and batch alone: a fit that was interrupted and goes on from its checkpoint ends
/// with the same weights as one that was not.
/// </remarks>
internal sealed class NetworkTrainer
{
    // Sequences of like length share a batch, within groups of so many: little padding, and still shuffled.
    private const int SequencesPerGroup = 8_192;
    private const int WarmUpSteps = 100;
    private const double LastRateShare = .02;

    private readonly SequenceNetwork _network;
    private readonly TrainingSequences _sequences;
    private readonly TrainingOptions _options;
    private readonly double? _maskedShare;
    private readonly IBatchLoss _loss;
    private readonly Chance _chance;

    /// <param name="network">Trained in place.</param>
    /// <param name="sequences">What it is fitted to.</param>
    /// <param name="options">How.</param>
    /// <param name="maskedShare">Null: each position predicts the next item. Otherwise this share of touches is masked and predicted.</param>
    /// <param name="loss">What is made small; null for <see cref="NextItemLoss"/>.</param>
    internal NetworkTrainer(
        SequenceNetwork network, TrainingSequences sequences, TrainingOptions options, double? maskedShare = null, IBatchLoss? loss = null)
    {
        (_network, _sequences, _options, _maskedShare) = (network, sequences, options, maskedShare);
        _loss = loss ?? new NextItemLoss(network, sequences, options);
        _chance = new Chance(options.Seed).Split("training");
    }

    /// <summary>Trains, and leaves the best epoch's weights in the network.</summary>
    /// <param name="validation">What to stop by; empty to run all epochs.</param>
    /// <param name="checkpoint">Where to write the state after each epoch and to go on from; null for nowhere.</param>
    /// <param name="progress">Told after each batch.</param>
    /// <param name="cancellation">Stops it; what the checkpoint holds stays.</param>
    /// <param name="epochs">Ends after so many epochs, on the schedule of <see cref="TrainingOptions.EpochsMax"/>; null for all.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    internal TrainingOutcome Run(
        IReadOnlyList<AnsweredQuestion> validation,
        TrainingCheckpoint? checkpoint,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation,
        int? epochs = null)
    {
        var epochsMax = Math.Min(epochs ?? _options.EpochsMax, _options.EpochsMax);
        var (windows, wanted) = Asked(validation);
        using var steps = new AdamSteps(_network.named_parameters(), _options.WeightDecay);
        using var average = _options.WeightAverage > 0 ? new WeightAverage(_network, _options.WeightAverage) : null;
        var best = new List<float[]>();
        var outcome = checkpoint?.Continue(_network, steps, average, best) ?? new TrainingOutcome(0, 0, double.PositiveInfinity, wanted.Length, null, null);

        // Where a step takes something from every row anyway, there is nothing to put off.
        var page = _loss.ScoresAll || _options.WeightDecay > 0 || average is not null ? null : new ItemPage(_network, steps);
        while (outcome.Epochs < epochsMax && (wanted.Length == 0 || outcome.Epochs - outcome.BestEpoch < _options.Patience))
        {
            var epoch = outcome.Epochs + 1;
            var soFar = outcome;
            var loss = Epoch(
                epoch, steps, average, page,
                (share, mean) => progress?.Report(new TrainingProgress(
                    epoch, _options.EpochsMax, (epoch - 1 + share) / _options.EpochsMax, mean, soFar.HitRateAt20, soFar.ReciprocalRankAt20)),
                cancellation);
            _network.eval();
            average?.Exchange();
            var (hits, reciprocal) = NextItemValidation.Of(_network, _sequences.Vocabulary, windows, wanted, cancellation);
            outcome = outcome with { Epochs = epoch };
            if (reciprocal is null || outcome.ReciprocalRankAt20 is null || Merit(hits, reciprocal) > Merit(outcome.HitRateAt20, outcome.ReciprocalRankAt20) * (1 + _options.WorthWaitingFor))
            {
                outcome = outcome with { BestEpoch = epoch, Loss = loss, HitRateAt20 = hits, ReciprocalRankAt20 = reciprocal };
                best = Weights.Of(_network);
            }

            average?.Exchange();
            checkpoint?.Write(_network, steps, average, best, outcome);
        }

        Weights.Fill(_network, best);
        _network.eval();
        _network.DropoutGenerator = null;
        return outcome;
    }

    /// <summary>How good the network is as it stands, on the questions that <see cref="Run"/> would stop by.</summary>
    /// <returns>HR@20 and MRR@20, both null without questions.</returns>
    internal (double? HitRate, double? ReciprocalRank) Examine(IReadOnlyList<AnsweredQuestion> validation, CancellationToken cancellation)
    {
        var (windows, wanted) = Asked(validation);
        _network.eval();
        return NextItemValidation.Of(_network, _sequences.Vocabulary, windows, wanted, cancellation);
    }

    // Both count: what is found at all, and how near the top.
    private static double? Merit(double? hitRate, double? reciprocalRank) => hitRate + reciprocalRank;

    private double Epoch(int epoch, AdamSteps steps, WeightAverage? average, ItemPage? page, Action<double, double> report, CancellationToken cancellation)
    {
        var chance = _chance.Split((ulong)epoch);
        using var generator = new Generator(chance.Split("dropout").NextBits());
        _network.DropoutGenerator = generator;
        _network.train();
        var (sum, targets) = (0d, 0L);
        var batches = Batches(chance.Split("order"));
        for (var i = 0; i < batches.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var stream = chance.Split((ulong)i);
            var batch = _maskedShare is { } share
                ? TrainingBatch.Masked(_sequences, batches[i], share, stream.Split("masked"))
                : TrainingBatch.NextItem(_sequences, batches[i], _options.UnknownShare, _options.TargetsAhead, stream.Split("unknown"));
            if (batch.Count == 0)
            {
                continue;
            }

            using var scope = NewDisposeScope();
            var negatives = _loss.Draw(batch.Targets, stream.Split("negatives"));
            page?.Turn(batch, negatives.Rows);
            var mean = _loss.Of(_network.forward(batch.Inputs), batch, negatives, stream.Split("negatives"));
            mean.backward();
            steps.Take(Rate(steps.Steps, (epoch - 1 + (double)i / batches.Count) / _options.EpochsMax));
            page?.Take();
            average?.Add(steps.Steps);
            sum += mean.item<float>() * batch.Count;
            targets += batch.Count;
            report((i + 1d) / batches.Count, sum / targets);
        }

        page?.Settle();
        return targets == 0 ? double.NaN : sum / targets;
    }

    private double Rate(int steps, double share)
        => !_options.Anneal ? _options.LearningRate
            : _options.LearningRate * Math.Min(1, (steps + 1d) / WarmUpSteps)
                * (LastRateShare + (1 - LastRateShare) * (1 + Math.Cos(Math.PI * share)) / 2);

    private (Token[][] Windows, int[] Rows) Asked(IReadOnlyList<AnsweredQuestion> validation)
    {
        var count = Math.Min(_options.ValidationTargetsMax, validation.Count);
        var (windows, rows) = (new Token[count][], new int[count]);
        for (var i = 0; i < count; i++)
        {
            var asked = validation[(int)((long)i * validation.Count / count)];
            windows[i] = Asking(asked.Question, _sequences, _network.Window, _maskedShare is not null);
            rows[i] = _sequences.RowOf(asked.Target);
        }

        return (windows, rows);
    }

    /// <summary>The window that is shown to the network: a masked one stands behind the history where masks are what it learned.</summary>
    internal static Token[] Asking(Question question, TrainingSequences sequences, int window, bool masked)
    {
        var tokens = sequences.Window(question.History, masked ? window - 1 : window);
        return masked ? [.. tokens, new Token(Vocabulary.NoItemRow, (int)InteractionKind.ViewItem, question.Seconds)] : tokens;
    }

    private List<int[]> Batches(Chance chance)
    {
        int[] chunks = [.. Enumerable.Range(0, _sequences.ChunkCount)];
        Shuffle(chunks, ref chance);
        var batches = new List<int[]>();
        foreach (var group in chunks.Chunk(SequencesPerGroup))
        {
            var batch = new List<int>();
            foreach (var chunk in group.OrderBy(_sequences.LengthOf))
            {
                if (batch.Count > 0 && (batch.Count + 1) * _sequences.LengthOf(chunk) > _options.BatchPositions)
                {
                    batches.Add([.. batch]);
                    batch.Clear();
                }

                batch.Add(chunk);
            }

            batches.Add([.. batch]);
        }

        var shuffled = batches.ToArray();
        Shuffle(shuffled, ref chance);
        return [.. shuffled];
    }

    private static void Shuffle<T>(T[] values, ref Chance chance)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = chance.Next(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
