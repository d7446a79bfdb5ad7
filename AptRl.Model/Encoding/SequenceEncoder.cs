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
/// the full pass. The item table is both input and output (tied).
/// </remarks>
internal sealed class SequenceEncoder : SequenceNetwork
{
    private readonly EncoderOptions _options;

    [ComponentName(Name = "item_embedding")]
    private readonly Embedding _items;

    [ComponentName(Name = "kind_embedding")]
    private readonly Embedding _kinds;

    [ComponentName(Name = "gap_embedding")]
    private readonly Embedding _gaps;

    [ComponentName(Name = "blocks")]
    private readonly ModuleList<EncoderBlock> _blocks;

    [ComponentName(Name = "state_norm")]
    private readonly LayerNorm _stateNorm;

    /// <summary>Draws fresh weights; the same seed draws the same ones in every process.</summary>
    internal SequenceEncoder(EncoderOptions options, int rows, ulong seed)
        : base(nameof(SequenceEncoder), options.Window)
    {
        _options = options;
        _items = Embedding(rows, options.Width);
        _kinds = Embedding(Token.Kinds, options.Width);
        _gaps = Embedding(TimeGap.Buckets, options.Width);
        _blocks = ModuleList([.. LookBacks(options).Select(lookBack => new EncoderBlock(options.Width, options.Heads, lookBack))]);
        _stateNorm = LayerNorm(options.Width);
        RegisterComponents();
        Draw(new Chance(seed));
    }

    internal override Parameter ItemTable => _items.weight!;

    internal override double Temperature => _options.Temperature;

    /// <summary>Of length 1, like the states.</summary>
    internal override Tensor ItemVectors(Tensor? rows) => base.ItemVectors(rows).Unit();

    /// <returns>[B, T, D], each vector of length 1; the caller disposes it.</returns>
    public override Tensor forward(SequenceBatch batch)
    {
        using var scope = NewDisposeScope();
        var (rows, kinds, gaps, pairs) = batch.ToTensors();

        // Of one length, as scores see them: how often an item was met must not decide how loudly it speaks.
        var items = Vectors(rows).Unit().Times(Math.Sqrt(_options.Width) / 2);
        var stream = Dropped(items.Plus(_kinds.forward(kinds)).Plus(_gaps.forward(gaps)), _options.InputDropout);
        var keep = Keep(2 * _options.Layers, stream.shape);
        for (var layer = 0; layer < _blocks.Count; layer++)
        {
            var kept = keep.numel() > 0 ? keep.narrow(0, 2 * layer, 2) : keep;
            stream = _blocks[layer].forward(stream, pairs, kept);
        }

        return _stateNorm.forward(stream).Unit().MoveToOuterDisposeScope();
    }

    /// <summary>Window - 1 positions, shared out over the layers.</summary>
    private static IEnumerable<int> LookBacks(EncoderOptions options)
        => Enumerable.Range(0, options.Layers).Select(layer =>
            (options.Window - 1) / options.Layers + (layer < (options.Window - 1) % options.Layers ? 1 : 0));

    /// <returns>[count, B, T, D] of 0 and 1/(1 - dropout), or nothing in inference.</returns>
    private Tensor Keep(int count, long[] shape)
        => training && DropoutGenerator is { } generator && _options.Dropout > 0
            ? rand([count, .. shape], generator: generator).IsAtLeast(_options.Dropout).to(float32).Times(1 / (1 - _options.Dropout))
            : zeros(0);
}
