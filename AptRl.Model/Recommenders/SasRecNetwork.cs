using AptRl.Model.Encoding;
using AptRl.Model.Events;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Recommenders;

/// <summary>SASRec: causal self-attention over item and position vectors; its state is compared with the item vectors.</summary>
/// <remarks>
/// Kang and McAuley 2018 (arXiv:1808.09781), eq. 1 to 6, in the form of the authors' code: x = √D·eᵢ + pₜ, dropout; each
/// block x ← n + attention(n, x, x) with n = norm x, then x ← m + W₂·relu(W₁·m) with m = norm x; a last norm. Dropout
/// falls on the attention weights and twice in the feed-forward part. Score: state·eⱼ.
/// </remarks>
internal sealed class SasRecNetwork : SequenceNetwork
{
    private readonly SasRecOptions _options;

    [ComponentName(Name = "item_embedding")]
    private readonly Embedding _items;

    [ComponentName(Name = "position_embedding")]
    private readonly Embedding _positions;

    [ComponentName(Name = "blocks")]
    private readonly ModuleList<SasRecBlock> _blocks;

    [ComponentName(Name = "state_norm")]
    private readonly LayerNorm _stateNorm;

    /// <summary>Draws fresh weights; the same seed draws the same ones in every process.</summary>
    internal SasRecNetwork(SasRecOptions options, int rows, ulong seed)
        : base(nameof(SasRecNetwork), NetworkSettings.Window)
    {
        _options = options;
        _items = Embedding(rows, options.Width);

        // A chunk in training is twice as long as a window; place 0 is the padding's.
        _positions = Embedding(2 * NetworkSettings.Window + 1, options.Width);
        _blocks = ModuleList([.. Enumerable.Range(0, options.Layers).Select(_ => new SasRecBlock(options.Width, options.Heads))]);
        _stateNorm = LayerNorm(options.Width);
        RegisterComponents();
        Draw(new Chance(seed));
    }

    internal override Parameter ItemTable => _items.weight!;

    /// <returns>[B, T, D]; the caller disposes it.</returns>
    public override Tensor forward(SequenceBatch batch)
    {
        using var scope = NewDisposeScope();
        var padding = batch.ToTensors().Rows.IsNumber(Vocabulary.PaddingRow);
        var seen = padding.logical_not();
        var kept = seen.to(float32).unsqueeze(-1);

        // [B, 1, T] or [T, T] -> [B, T, T]: neither padding nor what comes later is seen.
        var hidden = padding.unsqueeze(1).logical_or(ones(batch.Length, batch.Length).triu(1).to(@bool));
        var stream = Vectors(batch.ToTensors().Rows).Times(Math.Sqrt(_options.Width)).Plus(Positions(seen, batch.Length));
        stream = Dropped(stream).mul(kept);
        foreach (var block in _blocks)
        {
            stream = block.forward(stream, hidden, Dropped).mul(kept);
        }

        return _stateNorm.forward(stream).MoveToOuterDisposeScope();
    }

    /// <returns>[B, T, D] or [1, T, D]</returns>
    private Tensor Positions(Tensor seen, int length)
    {
        if (!_options.CountsFromNewest)
        {
            return _positions.forward(seen.to(int64).cumsum(1));
        }

        long[] places = [.. Enumerable.Range(0, length).Select(time => (long)length - time)];
        return _positions.forward(tensor(places, [1, length]));
    }

    private Tensor Dropped(Tensor input) => Dropped(input, _options.Dropout);
}
