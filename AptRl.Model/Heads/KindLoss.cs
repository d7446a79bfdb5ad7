using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Training;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Heads;

/// <summary>The next item and the kind of the next touch, learned together: CE of the item + 0.2 · CE of the kind.</summary>
internal sealed class KindLoss : IBatchLoss
{
    /// <summary>How much the kind counts beside the item.</summary>
    internal const double KindWeight = .2;

    private readonly KindNetwork _network;
    private readonly NextItemLoss _nextItem;
    private readonly byte[] _kinds;

    internal KindLoss(KindNetwork network, TrainingSequences sequences, TrainingOptions training, IReadOnlyList<IndexedTouch[]> touches)
    {
        (_network, _nextItem) = (network, new NextItemLoss(network, sequences, training));
        _kinds = [.. touches.SelectMany(sequence => sequence).Select(touch => touch.Kind)];
    }

    /// <inheritdoc/>
    public bool ScoresAll => _nextItem.ScoresAll;

    /// <inheritdoc/>
    public (long[] Rows, float[] Corrections) Draw(long[] targets, Chance chance) => _nextItem.Draw(targets, chance);

    /// <inheritdoc/>
    public Tensor Of(Tensor states, TrainingBatch batch, (long[] Rows, float[] Corrections) negatives, Chance chance)
    {
        using var scope = NewDisposeScope();
        var wanted = NextItemLoss.Wanted(states, batch);
        var kinds = tensor(Array.ConvertAll(batch.Touches, touch => Math.Min((long)_kinds[touch], Token.Kinds - 1)));
        var last = batch.Inputs.ToTensors().Kinds.reshape(-1).index_select(0, tensor(batch.Positions));
        var surprise = functional.cross_entropy(_network.Kinds(wanted, last), kinds, reduction: nn.Reduction.None);
        return _nextItem.Each(wanted, batch, negatives).Plus(surprise.Times(KindWeight)).mul(tensor(batch.Weights)).mean().MoveToOuterDisposeScope();
    }
}
