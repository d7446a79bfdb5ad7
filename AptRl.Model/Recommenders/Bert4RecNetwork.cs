using AptRl.Model.Encoding;
using AptRl.Model.Events;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Recommenders;

/// <summary>BERT4Rec: self-attention in both directions, which says what stands behind a mask.</summary>
/// <remarks>
/// Sun et al. 2019 (arXiv:1904.06690), eq. 1 to 7: x = norm(eᵢ + pₜ), dropout; each block x ← norm(x + attention x), then
/// x ← norm(x + W₂·gelu(W₁·x)), four times as wide inside; score of j: norm(gelu(W·x))·eⱼ + bⱼ. The norm before the score
/// is the authors' code's. The row of "no item" is the mask, so an unknown item of a history is one too; the start token
/// is hidden, because a masked sequence is not trained with one.
/// </remarks>
internal sealed class Bert4RecNetwork : SequenceNetwork
{
    private readonly Bert4RecOptions _options;

    [ComponentName(Name = "item_embedding")]
    private readonly Embedding _items;

    [ComponentName(Name = "position_embedding")]
    private readonly Embedding _positions;

    [ComponentName(Name = "item_bias")]
    private readonly Parameter _itemBias;

    [ComponentName(Name = "input_norm")]
    private readonly LayerNorm _inputNorm;

    [ComponentName(Name = "blocks")]
    private readonly ModuleList<Bert4RecBlock> _blocks;

    [ComponentName(Name = "state")]
    private readonly Projection _state;

    [ComponentName(Name = "state_norm")]
    private readonly LayerNorm _stateNorm;

    /// <summary>Draws fresh weights; the same seed draws the same ones in every process.</summary>
    internal Bert4RecNetwork(Bert4RecOptions options, int rows, ulong seed)
        : base(nameof(Bert4RecNetwork), NetworkSettings.Window)
    {
        _options = options;
        _items = Embedding(rows, options.Width);

        // A chunk in training is twice as long as a window; place 0 is the padding's.
        _positions = Embedding(2 * NetworkSettings.Window + 1, options.Width);
        _itemBias = Parameter(zeros(rows));
        _inputNorm = LayerNorm(options.Width);
        _blocks = ModuleList([.. Enumerable.Range(0, options.Layers).Select(_ => new Bert4RecBlock(options.Width, options.Heads))]);
        _state = new Projection(options.Width, options.Width);
        _stateNorm = LayerNorm(options.Width);
        RegisterComponents();
        Draw(new Chance(seed));
    }

    internal override Parameter ItemTable => _items.weight!;

    internal override Parameter ItemBiasTable => _itemBias;

    /// <returns>[B, T, D]; the caller disposes it.</returns>
    public override Tensor forward(SequenceBatch batch)
    {
        using var scope = NewDisposeScope();
        var (rows, kinds, _, _) = batch.ToTensors();

        // Neither padding nor the start token is of a kind; [B, 1, T] stands for every query.
        var hidden = kinds.IsNumber(0);
        var places = hidden.logical_not().to(int64).cumsum(1);
        var stream = Dropped(_inputNorm.forward(Vectors(rows).Plus(_positions.forward(places))));
        foreach (var block in _blocks)
        {
            stream = block.forward(stream, hidden.unsqueeze(1), Dropped);
        }

        return _stateNorm.forward(functional.gelu(_state.forward(stream))).MoveToOuterDisposeScope();
    }

    private Tensor Dropped(Tensor input) => Dropped(input, _options.Dropout);
}
