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
/// touched)^a, after GRU4Rec's sample_alpha. For the binary losses see <see cref="LossKind"/>.
/// </remarks>
internal sealed class NextItemLoss
{
    // Of gBCE: how much of the overconfidence is undone.
    private const double Calibration = .75;

    private readonly SequenceNetwork _network;
    private readonly TrainingOptions _options;
    private readonly int _rows;
    private readonly int _known;
    private readonly double[] _cumulative;

    internal NextItemLoss(SequenceNetwork network, TrainingSequences sequences, TrainingOptions options)
    {
        var vocabulary = sequences.Vocabulary;
        (_network, _options, _rows, _known) = (network, options, vocabulary.Rows, vocabulary.Known.Count);
        var perBucket = options.UnknownShare * sequences.Counts.Sum() / vocabulary.HashBuckets;
        _cumulative = new double[_rows - Vocabulary.FirstBucketRow];
        var sum = 0d;
        for (var i = 0; i < _cumulative.Length; i++)
        {
            var row = i + Vocabulary.FirstBucketRow;
            _cumulative[i] = sum += Math.Pow(1 + (row < vocabulary.FirstKnownRow ? perBucket : sequences.Counts[row]), options.NegativePower);
        }
    }

    private bool IsSampled => _known > _options.FullSoftmaxItemsMax;

    /// <param name="states">[B, T, D]</param>
    /// <param name="batch">What is wanted where.</param>
    /// <param name="chance">Draws the negatives.</param>
    /// <returns>[], the weighted mean over what is wanted; the caller disposes it.</returns>
    internal Tensor Of(Tensor states, TrainingBatch batch, Chance chance)
    {
        using var scope = NewDisposeScope();
        var width = states.shape[^1];
        var wantedStates = states.reshape(-1, width).index_select(0, tensor(batch.Positions));
        var losses = _options.Loss switch
        {
            LossKind.Softmax when !IsSampled => Full(wantedStates, batch.Targets),
            LossKind.Softmax => Sampled(wantedStates, batch.Targets, chance),
            LossKind.Binary => Binary(wantedStates, batch.Targets, chance),
            _ => GeneralizedBinary(wantedStates, batch.Targets, chance),
        };
        return losses.mul(tensor(batch.Weights)).mean().MoveToOuterDisposeScope();
    }

    private Tensor Full(Tensor states, long[] targets)
    {
        var logits = Scores(states, arange(Vocabulary.FirstBucketRow, _rows, dtype: int64));
        var classes = Array.ConvertAll(targets, row => row - Vocabulary.FirstBucketRow);
        return functional.cross_entropy(
            logits, tensor(classes), reduction: nn.Reduction.None, label_smoothing: _options.LabelSmoothing);
    }

    private Tensor Sampled(Tensor states, long[] targets, Chance chance)
    {
        var (negatives, corrections) = Draw(_options.Negatives, chance);
        var (wanted, sampled) = (tensor(targets), tensor(negatives));

        // [M, 1] beside [M, n]: the target is class 0 everywhere.
        var others = Scores(states, sampled).Minus(tensor(corrections)).Filled(wanted.unsqueeze(-1).eq(sampled), -1e9);
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

    private Tensor Binary(Tensor states, long[] targets, Chance chance)
    {
        var negatives = Array.ConvertAll(targets, target => Other(target, ref chance));
        return LogOdds(PairScores(states, tensor(targets))).Plus(LogOdds(PairScores(states, tensor(negatives)).neg()));
    }

    private Tensor GeneralizedBinary(Tensor states, long[] targets, Chance chance)
    {
        var negatives = new long[_options.Negatives];
        for (var i = 0; i < negatives.Length; i++)
        {
            negatives[i] = Vocabulary.FirstBucketRow + chance.Next(_rows - Vocabulary.FirstBucketRow);
        }

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
        var scores = matmul(states, _network.ItemVectors(rows).t()).Times(1 / _network.Temperature);
        return _network.ItemBias(rows) is { } bias ? scores.Plus(bias) : scores;
    }

    /// <returns>[M]: each state with its own row.</returns>
    private Tensor PairScores(Tensor states, Tensor rows)
    {
        var scores = states.mul(_network.ItemVectors(rows)).sum(-1).Times(1 / _network.Temperature);
        return _network.ItemBias(rows) is { } bias ? scores.Plus(bias) : scores;
    }

    private long Other(long row, ref Chance chance)
    {
        var other = Vocabulary.FirstBucketRow + chance.Next(_rows - Vocabulary.FirstBucketRow);
        return other == row && _rows - Vocabulary.FirstBucketRow > 1 ? Other(row, ref chance) : other;
    }

    private (long[] Rows, float[] Corrections) Draw(int count, Chance chance)
    {
        var (rows, corrections) = (new long[count], new float[count]);
        var total = _cumulative[^1];
        for (var i = 0; i < rows.Length; i++)
        {
            var found = Array.BinarySearch(_cumulative, chance.NextDouble() * total);
            var index = Math.Min(found < 0 ? ~found : found + 1, _cumulative.Length - 1);
            var share = (_cumulative[index] - (index == 0 ? 0 : _cumulative[index - 1])) / total;
            (rows[i], corrections[i]) = (index + Vocabulary.FirstBucketRow, (float)Math.Log(count * share));
        }

        return (rows, corrections);
    }
}
