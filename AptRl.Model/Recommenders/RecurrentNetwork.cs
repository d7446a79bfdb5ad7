using AptRl.Model.Encoding;
using AptRl.Model.Events;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Recommenders;

/// <summary>A recurrent layer over item vectors; its state is compared with the same vectors, plus a bias per item.</summary>
/// <remarks>
/// Score of item j after t touches: hₜ·eⱼ + bⱼ, with hₜ = cell(eₓₜ, hₜ₋₁) and h₀ = 0 before the first touch. The item
/// table is both input and output (GRU4Rec's "constrained embedding"), so the layer is as wide as an item's vector.
/// </remarks>
internal sealed class RecurrentNetwork : SequenceNetwork
{
    private readonly RecurrentOptions _options;

    [ComponentName(Name = "item_embedding")]
    private readonly Embedding _items;

    [ComponentName(Name = "item_bias")]
    private readonly Parameter _itemBias;

    [ComponentName(Name = "gru")]
    private readonly GRU? _gru;

    [ComponentName(Name = "lstm")]
    private readonly LSTM? _lstm;

    /// <summary>Draws fresh weights; the same seed draws the same ones in every process.</summary>
    internal RecurrentNetwork(RecurrentOptions options, int rows, ulong seed)
        : base(nameof(RecurrentNetwork), NetworkSettings.Window)
    {
        _options = options;
        _items = Embedding(rows, options.Width);
        _itemBias = Parameter(zeros(rows));
        if (options.HasCell)
        {
            _lstm = LSTM(options.Width, options.Width, options.Layers, batchFirst: true);
        }
        else
        {
            _gru = GRU(options.Width, options.Width, options.Layers, batchFirst: true);
        }

        RegisterComponents();
        DrawBiases();
        Draw(new Chance(seed));
    }

    internal override Parameter ItemTable => _items.weight!;

    internal override Parameter ItemBiasTable => _itemBias;

    /// <returns>[B, T, D]; the caller disposes it.</returns>
    public override Tensor forward(SequenceBatch batch)
    {
        using var scope = NewDisposeScope();

        // A layer that began in the padding would enter the first touch with a state that hangs on how much there is of it.
        var (rows, places) = batch.ToPaddedBehind();
        var input = Dropped(Vectors(rows), _options.InputDropout);
        var states = _lstm is null ? _gru!.forward(input).Item1 : _lstm.forward(input).Item1;

        // [B · T, D] in the order of the places -> [B, T, D] in the order of the batch.
        var inOrder = states.reshape(-1, _options.Width).index_select(0, places).view(batch.Count, batch.Length, _options.Width);
        return Dropped(inOrder, _options.StateDropout).MoveToOuterDisposeScope();
    }

    /// <summary>1/√D for the layers: the spread of Glorot and Bengio 2010 for a gate from D to D.</summary>
    protected override double Spread(string weightName, long[] shape)
        => weightName.Contains(".weight_", StringComparison.Ordinal) ? 1 / Math.Sqrt(shape[1]) : base.Spread(weightName, shape);

    // Torch draws the layers' biases from its own generator. Here they are 0, but for 1 at an LSTM's forget gate, so that it
    // remembers until it learns to forget (Jozefowicz et al. 2015).
    private void DrawBiases()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var (weightName, bias) in named_parameters())
        {
            if (!weightName.Contains(".bias_", StringComparison.Ordinal))
            {
                continue;
            }

            bias.zero_();
            if (_lstm is not null && weightName.Contains(".bias_ih_", StringComparison.Ordinal))
            {
                // The gates stand in the order input, forget, cell, output.
                bias.narrow(0, _options.Width, _options.Width).copy_(ones(_options.Width));
            }
        }
    }
}
