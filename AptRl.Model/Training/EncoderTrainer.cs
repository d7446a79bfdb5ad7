using AptRl.Model.Encoding;
using AptRl.Model.Events;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>Fits an encoder to a log by next-item prediction.</summary>
/// <remarks>
/// Every position of every sequence predicts the item of the next touch. The newest tenth of the log, by one cut in
/// time, is held out; the epoch with the best MRR@20 there is kept. The same data, options, machine and thread count
/// give the same weights.
/// </remarks>
public static class EncoderTrainer
{
    // Sequences of like length share a batch, within groups of so many batches: little padding, and still shuffled.
    private const int BatchesPerGroup = 16;

    /// <summary>Fits and returns the best encoder; <see cref="EncoderModel.Fit"/> says how good it is. The caller disposes it.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">There is nothing to predict in the data.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is kept.</exception>
    public static EncoderModel Fit(
        SequenceDataset dataset,
        EncoderOptions shape,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(options);
        shape.Checked();
        options.Checked();
        var sequences = new TrainingSequences(dataset, shape, options);
        if (sequences.Vocabulary.Known.Count == 0)
        {
            throw new InvalidDataException(
                $"{dataset.Touches} touches hold no item to predict: check the column mapping, or send a longer log");
        }

        var encoder = new SequenceEncoder(shape, sequences.Vocabulary.Rows, options.Seed);
        try
        {
            var fit = Run(encoder, sequences, dataset, shape, options, progress, cancellation);
            return new EncoderModel(shape, sequences.Vocabulary, encoder, fit);
        }
        catch
        {
            encoder.Dispose();
            throw;
        }
    }

    private static EncoderFit Run(
        SequenceEncoder encoder,
        TrainingSequences sequences,
        SequenceDataset dataset,
        EncoderOptions shape,
        TrainingOptions options,
        IProgress<TrainingProgress>? progress,
        CancellationToken cancellation)
    {
        var chance = new Chance(options.Seed).Split("training");
        var (windows, wanted) = sequences.Validation(options.ValidationTargetsMax, shape.Window);
        using var optimizer = optim.Adam(encoder.parameters(), options.LearningRate);
        using var generator = new Generator(chance.Split("dropout").NextBits());
        var loss = new NextItemLoss(encoder, sequences, shape, options);
        var fit = new EncoderFit
        {
            DataHash = dataset.Hash,
            Users = dataset.UserCount,
            Touches = dataset.Touches,
            Epochs = 0,
            BestEpoch = 0,
            Loss = double.PositiveInfinity,
            ValidationTargets = wanted.Length,
            HitRateAt20 = null,
            ReciprocalRankAt20 = null,
            Seed = options.Seed,
        };
        var best = new List<float[]>();
        encoder.DropoutGenerator = generator;
        for (var epoch = 1; epoch <= options.EpochsMax && epoch - fit.BestEpoch <= options.Patience; epoch++)
        {
            var mean = Epoch(
                encoder, sequences, options, loss, optimizer, chance.Split((ulong)epoch),
                (share, meanSoFar) => progress?.Report(new TrainingProgress(
                    epoch, options.EpochsMax, (epoch - 1 + share) / options.EpochsMax, meanSoFar, fit.HitRateAt20, fit.ReciprocalRankAt20)),
                cancellation);
            encoder.eval();
            var (hits, reciprocal) = NextItemValidation.Of(encoder, sequences.Vocabulary, windows, wanted, cancellation);
            fit = fit with { Epochs = epoch };
            if (reciprocal is null || fit.ReciprocalRankAt20 is null || reciprocal > fit.ReciprocalRankAt20)
            {
                fit = fit with { BestEpoch = epoch, Loss = mean, HitRateAt20 = hits, ReciprocalRankAt20 = reciprocal };
                best = Numbers(encoder);
            }
        }

        encoder.DropoutGenerator = null;
        Restore(encoder, best);
        return fit;
    }

    private static double Epoch(
        SequenceEncoder encoder,
        TrainingSequences sequences,
        TrainingOptions options,
        NextItemLoss loss,
        optim.Optimizer optimizer,
        Chance chance,
        Action<double, double> report,
        CancellationToken cancellation)
    {
        encoder.train();
        var (sum, targets) = (0d, 0L);
        var batches = Batches(sequences, options.BatchSize, chance.Split("order"));
        for (var i = 0; i < batches.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            var stream = chance.Split((ulong)i);
            var batch = new TrainingBatch(sequences, batches[i], options.UnknownShare, stream.Split("unknown"));
            if (batch.Count == 0)
            {
                continue;
            }

            using var scope = NewDisposeScope();
            optimizer.zero_grad();
            var mean = loss.Of(encoder.forward(batch.Inputs), batch.Targets, stream.Split("negatives"));
            mean.backward();
            optimizer.step();
            sum += mean.item<float>() * batch.Count;
            targets += batch.Count;
            report((i + 1d) / batches.Count, sum / targets);
        }

        return targets == 0 ? double.NaN : sum / targets;
    }

    private static List<int[]> Batches(TrainingSequences sequences, int size, Chance chance)
    {
        int[] chunks = [.. Enumerable.Range(0, sequences.ChunkCount)];
        Shuffle(chunks, ref chance);
        int[][] batches = [.. chunks
            .Chunk(size * BatchesPerGroup)
            .SelectMany(group => group.OrderBy(sequences.LengthOf).Chunk(size))];
        Shuffle(batches, ref chance);
        return [.. batches];
    }

    private static void Shuffle<T>(T[] values, ref Chance chance)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = chance.Next(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    private static List<float[]> Numbers(SequenceEncoder encoder)
    {
        using var scope = NewDisposeScope();
        return [.. encoder.state_dict().Values.Select(weight => weight.detach().contiguous().data<float>().ToArray())];
    }

    private static void Restore(SequenceEncoder encoder, List<float[]> numbers)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var (weight, kept) in encoder.state_dict().Values.Zip(numbers))
        {
            weight.copy_(tensor(kept, weight.shape));
        }
    }
}
