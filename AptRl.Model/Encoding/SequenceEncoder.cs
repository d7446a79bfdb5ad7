using AptRl.Model.Events;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Encoding;

/// <summary>The transformer: tokens of windows in, one vector of length 1 per position out.</summary>
/// <remarks>
/// The positions that the layers look back add up to <see cref="EncoderOptions.Window"/> - 1, so a state depends on the
/// last Window tokens and no others, in training too, and could be carried forward one event at a time and still equal
/// the full pass. The item table is both input and output (tied). What is optional is null where the options leave it out.
/// </remarks>
internal sealed class SequenceEncoder : SequenceNetwork
{
    private readonly EncoderOptions _options;

    [ComponentName(Name = "item_embedding")]
    private readonly Embedding _items;

    [ComponentName(Name = "kind_embedding")]
    private readonly Embedding? _kinds;

    [ComponentName(Name = "gap_embedding")]
    private readonly Embedding? _gaps;

    [ComponentName(Name = "position_embedding")]
    private readonly Embedding? _positions;

    [ComponentName(Name = "blocks")]
    private readonly ModuleList<EncoderBlock> _blocks;

    [ComponentName(Name = "pooling")]
    private readonly AttentionPooling? _pooling;

    [ComponentName(Name = "state_norm")]
    private readonly LayerNorm _stateNorm;

    /// <summary>Draws fresh weights; the same seed draws the same ones in every process.</summary>
    internal SequenceEncoder(EncoderOptions options, int rows, ulong seed)
        : base(nameof(SequenceEncoder), options.Window)
    {
        _options = options;
        _items = Embedding(rows, options.Width);
        _kinds = options.WithoutKinds ? null : Embedding(Token.Kinds, options.Width);
        _gaps = options.WithoutTimes ? null : Embedding(TimeGap.Buckets, options.Width);

        // A chunk in training is twice as long as a window; place 0 is the padding's.
        _positions = options.Positions is PositionKind.Absolute ? Embedding(2 * options.Window + 1, options.Width) : null;
        _blocks = ModuleList([.. LookBacks(options).Select(lookBack => EncoderBlock.Create(options, lookBack))]);
        _pooling = options.Pooling is PoolingKind.Attention ? new AttentionPooling(options.Width, options.Window - 1) : null;
        _stateNorm = LayerNorm(options.Width);
        RegisterComponents();
        Draw(new Chance(seed));
    }

    internal override Parameter ItemTable => _items.weight!;

    internal override double Temperature => _options.DotProduct ? 1 : _options.Temperature;

    /// <summary>Of length 1, like the states; as they are where the score is a plain product.</summary>
    internal override Tensor ItemVectors(Tensor? rows) => _options.DotProduct ? base.ItemVectors(rows) : base.ItemVectors(rows).Unit();

    /// <returns>[B, T, D], each vector of length 1, or about 1 where the score is a plain product; the caller disposes it.</returns>
    public override Tensor forward(SequenceBatch batch)
    {
        using var scope = NewDisposeScope();
        var (rows, kinds, gaps, pairs) = batch.ToTensors();
        var stream = Dropped(Tokens(rows, kinds, gaps), _options.InputDropout);
        var keep = Keep(2 * _options.Layers, stream.shape);
        for (var layer = 0; layer < _blocks.Count; layer++)
        {
            var kept = keep.numel() > 0 ? keep.narrow(0, 2 * layer, 2) : keep;
            stream = _blocks[layer].forward(stream, pairs, kept);
        }

        var states = _stateNorm.forward(_pooling?.forward(stream, pairs) ?? stream);
        return (_options.DotProduct ? states.Times(1 / Math.Sqrt(_options.Width)) : states.Unit()).MoveToOuterDisposeScope();
    }

    /// <summary>How far each layer looks back: Window - 1 positions shared out over the layers, or all of them for each.</summary>
    private static IEnumerable<int> LookBacks(EncoderOptions options)
        => Enumerable.Range(0, options.Layers).Select(layer => options.FullLookBack
            ? options.Window - 1
            : (options.Window - 1) / options.Layers + (layer < (options.Window - 1) % options.Layers ? 1 : 0));

    /// <returns>[B, T, D]</returns>
    private Tensor Tokens(Tensor rows, Tensor kinds, Tensor gaps)
    {
        // Of one length, as scores see them: how often an item was met must not decide how loudly it speaks.
        var tokens = Vectors(rows).Unit().Times(Math.Sqrt(_options.Width) / 2);
        tokens = _kinds is null ? tokens : tokens.Plus(_kinds.forward(kinds));
        tokens = _gaps is null ? tokens : tokens.Plus(_gaps.forward(gaps));
        return _positions is null ? tokens : tokens.Plus(_positions.forward(rows.IsNumber(Vocabulary.PaddingRow).logical_not().to(int64).cumsum(1)));
    }

    /// <returns>[count, B, T, D] of 0 and 1/(1 - dropout), or nothing in inference.</returns>
    private Tensor Keep(int count, long[] shape)
        => training && DropoutGenerator is { } generator && _options.Dropout > 0
            ? rand([count, .. shape], generator: generator).IsAtLeast(_options.Dropout).to(float32).Times(1 / (1 - _options.Dropout))
            : zeros(0);
}
