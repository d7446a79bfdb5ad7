using AptRl.Model.Encoding;
using AptRl.Model.Events;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Training;

/// <summary>Cross-entropy of the next item, over all items or over a sample of them.</summary>
/// <remarks>
/// Full: -log(exp(s₊)/Σⱼexp(sⱼ)), s = cosine/temperature. Sampled, with n negatives drawn with replacement from q and
/// shared by the batch: -log(exp(s₊)/(exp(s₊) + Σⱼexp(sⱼ - log(n·qⱼ)))), in which the sum estimates the full one without
/// bias (Bengio and Senécal 2008; the "logQ" correction of Yi et al. 2019). A negative that is the target is left out.
/// q ∝ √(1 + times touched), after GRU4Rec's sample_alpha ½.
/// </remarks>
internal sealed class NextItemLoss
{
    private readonly SequenceEncoder _encoder;
    private readonly double _temperature;
    private readonly int _rows;
    private readonly int _negatives;
    private readonly double[] _cumulative;

    internal NextItemLoss(SequenceEncoder encoder, TrainingSequences sequences, EncoderOptions shape, TrainingOptions options)
    {
        var vocabulary = sequences.Vocabulary;
        (_encoder, _temperature, _rows) = (encoder, shape.Temperature, vocabulary.Rows);
        _negatives = vocabulary.Known.Count > options.FullSoftmaxItemsMax ? options.Negatives : 0;

        var perBucket = options.UnknownShare * sequences.Counts.Sum() / vocabulary.HashBuckets;
        _cumulative = new double[_rows - Vocabulary.FirstBucketRow];
        var sum = 0d;
        for (var i = 0; i < _cumulative.Length; i++)
        {
            var row = i + Vocabulary.FirstBucketRow;
            _cumulative[i] = sum += Math.Sqrt(1 + (row < vocabulary.FirstKnownRow ? perBucket : sequences.Counts[row]));
        }
    }

    /// <param name="states">[B, T, D]</param>
    /// <param name="targets">[B · T] rows, or <see cref="TrainingBatch.None"/>.</param>
    /// <param name="chance">Draws the negatives.</param>
    /// <returns>[], the mean over targets; the caller disposes it.</returns>
    internal Tensor Of(Tensor states, long[] targets, Chance chance)
    {
        using var scope = NewDisposeScope();
        var flat = states.view(targets.Length, -1);
        return (_negatives == 0 ? Full(flat, targets) : Sampled(flat, targets, chance)).MoveToOuterDisposeScope();
    }

    private Tensor Full(Tensor states, long[] targets)
    {
        var items = functional.normalize(_encoder.ItemTable.narrow(0, Vocabulary.FirstBucketRow, _rows - Vocabulary.FirstBucketRow));
        var classes = Array.ConvertAll(targets, row => row == TrainingBatch.None ? row : row - Vocabulary.FirstBucketRow);
        return functional.cross_entropy(
            matmul(states, items.t()).div(_temperature), tensor(classes), ignore_index: TrainingBatch.None);
    }

    private Tensor Sampled(Tensor states, long[] targets, Chance chance)
    {
        var (negatives, corrections) = Draw(chance);
        var wanted = tensor(Array.ConvertAll(targets, row => row == TrainingBatch.None ? Vocabulary.PaddingRow : row));
        var sampled = tensor(negatives);

        // [M, 1] beside [M, n]: the target is class 0 everywhere.
        var positive = states.mul(functional.normalize(_encoder.Items(wanted))).sum(-1, keepdim: true).div(_temperature);
        var others = matmul(states, functional.normalize(_encoder.Items(sampled)).t()).div(_temperature).sub(tensor(corrections))
            .masked_fill(wanted.unsqueeze(-1).eq(sampled), -1e9f);
        var classes = Array.ConvertAll(targets, row => row == TrainingBatch.None ? row : 0);
        return functional.cross_entropy(cat([positive, others], -1), tensor(classes), ignore_index: TrainingBatch.None);
    }

    private (long[] Rows, float[] Corrections) Draw(Chance chance)
    {
        var (rows, corrections) = (new long[_negatives], new float[_negatives]);
        var total = _cumulative[^1];
        for (var i = 0; i < rows.Length; i++)
        {
            var found = Array.BinarySearch(_cumulative, chance.NextDouble() * total);
            var index = Math.Min(found < 0 ? ~found : found + 1, _cumulative.Length - 1);
            var share = (_cumulative[index] - (index == 0 ? 0 : _cumulative[index - 1])) / total;
            (rows[i], corrections[i]) = (index + Vocabulary.FirstBucketRow, (float)Math.Log(_negatives * share));
        }

        return (rows, corrections);
    }
}
