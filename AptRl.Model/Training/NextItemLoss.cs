using AptRl.Model.Encoding;
using AptRl.Model.Events;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Training;

/// <summary>How far the scores of a batch are from what was touched.</summary>
/// <remarks>
/// Softmax, full: -log(exp(s₊)/Σⱼexp(sⱼ)). Sampled, with n negatives drawn with replacement from q and shared by the
/// batch: -log(exp(s₊)/(exp(s₊) + Σⱼexp(sⱼ - log(n·qⱼ)))), in which the sum estimates the full one without bias (Bengio
/// and Senécal 2008; the "logQ" correction of Yi et al. 2019). A negative that is the target is left out. q ∝ (1 + times
/// touched)^a, after GRU4Rec's sample_alpha. Where m of the batch's targets are negatives too, n·qⱼ + m·pⱼ takes the place of n·qⱼ,
/// with p the share of touches: how often j is expected among all of them (the balance heuristic of Veach and Guibas 1995,
/// which keeps the sum unbiased). For the binary losses see <see cref="LossKind"/>.
/// </remarks>
internal sealed class NextItemLoss : IBatchLoss
{
    // Of gBCE: how much of the overconfidence is undone.
    private const double Calibration = .75;

    private readonly SequenceNetwork _network;
    private readonly TrainingOptions _options;
    private readonly int _rows;
    private readonly int _known;
    private readonly double[] _cumulative;
    private readonly double[] _touched;
    private readonly double _touches;

    internal NextItemLoss(SequenceNetwork network, TrainingSequences sequences, TrainingOptions options)
    {
        var vocabulary = sequences.Vocabulary;
        (_network, _options, _rows, _known) = (network, options, vocabulary.Rows, vocabulary.Known.Count);
        var perBucket = options.UnknownShare * sequences.Counts.Sum() / vocabulary.HashBuckets;
        _cumulative = new double[_rows - Vocabulary.FirstBucketRow];
        _touched = new double[_cumulative.Length];
        var sum = 0d;
        for (var i = 0; i < _cumulative.Length; i++)
        {
            var row = i + Vocabulary.FirstBucketRow;
            _touched[i] = row < vocabulary.FirstKnownRow ? perBucket : sequences.Counts[row];
            _cumulative[i] = sum += Math.Pow(1 + _touched[i], options.NegativePower);
        }

        _touches = Math.Max(1, _touched.Sum());
    }

    private bool IsSampled => _known > _options.FullSoftmaxItemsMax;

    /// <inheritdoc/>
    public bool ScoresAll => _options.Loss is LossKind.Softmax && !IsSampled;

    /// <inheritdoc/>
    public (long[] Rows, float[] Corrections) Draw(long[] targets, Chance chance) => _options.Loss switch
    {
        LossKind.Softmax => IsSampled ? Negatives(targets, chance) : ([], []),
        LossKind.Binary => (Array.ConvertAll(targets, target => Other(target, ref chance)), []),
        _ => (Array.ConvertAll(new long[_options.Negatives], _ => (long)Any(ref chance)), []),
    };

    /// <inheritdoc/>
    public Tensor Of(Tensor states, TrainingBatch batch, (long[] Rows, float[] Corrections) negatives, Chance chance)
    {
        using var scope = NewDisposeScope();
        return Each(Wanted(states, batch), batch, negatives).mul(tensor(batch.Weights)).mean().MoveToOuterDisposeScope();
    }

    /// <summary>The states at which something is wanted: [M, D] of [B, T, D].</summary>
    internal static Tensor Wanted(Tensor states, TrainingBatch batch)
    {
        using var scope = NewDisposeScope();
        return states.reshape(-1, states.shape[^1]).index_select(0, tensor(batch.Positions)).MoveToOuterDisposeScope();
    }

    /// <param name="wanted">[M, D]</param>
    /// <param name="batch">What is wanted there.</param>
    /// <param name="negatives">Of <see cref="Draw"/>.</param>
    /// <returns>[M], before any weight; the caller disposes it.</returns>
    internal Tensor Each(Tensor wanted, TrainingBatch batch, (long[] Rows, float[] Corrections) negatives)
    {
        using var scope = NewDisposeScope();
        var losses = _options.Loss switch
        {
            LossKind.Softmax when !IsSampled => Full(wanted, batch.Targets),
            LossKind.Softmax => Sampled(wanted, batch.Targets, negatives),
            LossKind.Binary => Binary(wanted, batch.Targets, negatives.Rows),
            _ => GeneralizedBinary(wanted, batch.Targets, negatives.Rows),
        };
        return losses.MoveToOuterDisposeScope();
    }

    private Tensor Full(Tensor states, long[] targets)
    {
        var logits = Scores(states, arange(Vocabulary.FirstBucketRow, _rows, dtype: int64));
        var classes = Array.ConvertAll(targets, row => row - Vocabulary.FirstBucketRow);
        return functional.cross_entropy(
            logits, tensor(classes), reduction: nn.Reduction.None, label_smoothing: _options.LabelSmoothing);
    }

    private Tensor Sampled(Tensor states, long[] targets, (long[] Rows, float[] Corrections) negatives)
    {
        var (wanted, sampled, corrections) = (tensor(targets), tensor(negatives.Rows), tensor(negatives.Corrections));

        // [M, 1] beside [M, n]: the target is class 0 everywhere. The corrections go into the biases where there are any,
        // because a pass over [M, n] numbers costs as much as a good part of the product that made them.
        var others = Products(states, sampled);
        others = _network.ItemBias(sampled) is { } bias ? others.Plus(bias.Minus(corrections)) : others.Minus(corrections);
        others = others.Filled(wanted.unsqueeze(-1).eq(sampled), -1e9);
        var logits = cat([PairScores(states, wanted).unsqueeze(-1), others], -1);
        var surprise = functional.cross_entropy(logits, zeros_like(wanted), reduction: nn.Reduction.None);
        if (_options.LabelSmoothing == 0)
        {
            return surprise;
        }

        // Smoothing over the sample: the mean over what is not masked, whose corrected scores stand for all items'.
        var even = logits.logsumexp(-1).Minus(logits.Filled(logits.IsBelow(-1e8), 0).mean([1]));
        return surprise.Times(1 - _options.LabelSmoothing).Plus(even.Times(_options.LabelSmoothing));
    }

    private Tensor Binary(Tensor states, long[] targets, long[] negatives)
        => LogOdds(PairScores(states, tensor(targets))).Plus(LogOdds(PairScores(states, tensor(negatives)).neg()));

    private Tensor GeneralizedBinary(Tensor states, long[] targets, long[] negatives)
    {
        // β = α(t(1 - 1/α) + 1/α) with α = n/(N - 1), the sampling rate.
        var rate = Math.Min(1, negatives.Length / Math.Max(1d, _rows - Vocabulary.FirstBucketRow - 1));
        var power = rate * (Calibration * (1 - 1 / rate) + 1 / rate);
        var (wanted, sampled) = (tensor(targets), tensor(negatives));
        var others = LogOdds(Scores(states, sampled).neg()).Filled(wanted.unsqueeze(-1).eq(sampled), 0).sum(-1);
        return LogOdds(PairScores(states, wanted)).Times(power).Plus(others);
    }

    // -log σ(s), without overflow.
    private static Tensor LogOdds(Tensor scores) => functional.softplus(scores.neg(), 1, 20);

    /// <returns>[M, n]: each state with each row.</returns>
    private Tensor Scores(Tensor states, Tensor rows)
    {
        var scores = Products(states, rows);
        return _network.ItemBias(rows) is { } bias ? scores.Plus(bias) : scores;
    }

    /// <returns>[M, n], the scores without the biases.</returns>
    private Tensor Products(Tensor states, Tensor rows)
    {
        var products = matmul(states, _network.ItemVectors(rows).t());
        return _network.Temperature == 1 ? products : products.Times(1 / _network.Temperature);
    }

    /// <returns>[M]: each state with its own row.</returns>
    private Tensor PairScores(Tensor states, Tensor rows)
    {
        var scores = states.mul(_network.ItemVectors(rows)).sum(-1).Times(1 / _network.Temperature);
        return _network.ItemBias(rows) is { } bias ? scores.Plus(bias) : scores;
    }

    private int Any(ref Chance chance) => Vocabulary.FirstBucketRow + chance.Next(_rows - Vocabulary.FirstBucketRow);

    private long Other(long row, ref Chance chance)
    {
        var other = Any(ref chance);
        return other == row && _rows - Vocabulary.FirstBucketRow > 1 ? Other(row, ref chance) : other;
    }

    private (long[] Rows, float[] Corrections) Negatives(long[] targets, Chance chance)
    {
        var drawn = _options.Negatives;
        var shared = targets.AsSpan(0, Math.Min(_options.BatchNegatives, targets.Length));
        var (rows, corrections) = (new long[drawn + shared.Length], new float[drawn + shared.Length]);
        shared.CopyTo(rows.AsSpan(drawn));
        var total = _cumulative[^1];
        for (var i = 0; i < rows.Length; i++)
        {
            if (i < drawn)
            {
                var found = Array.BinarySearch(_cumulative, chance.NextDouble() * total);
                rows[i] = Vocabulary.FirstBucketRow + Math.Min(found < 0 ? ~found : found + 1, _cumulative.Length - 1);
            }

            var index = rows[i] - Vocabulary.FirstBucketRow;
            var share = (_cumulative[index] - (index == 0 ? 0 : _cumulative[index - 1])) / total;
            corrections[i] = (float)Math.Log(drawn * share + shared.Length * (_touched[index] / _touches));
        }

        return (rows, corrections);
    }
}
