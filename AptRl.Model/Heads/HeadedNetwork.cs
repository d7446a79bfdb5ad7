using AptRl.Model.Encoding;
using AptRl.Model.Events;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace AptRl.Model.Heads;

/// <summary>The encoder with something more on its states than the next item.</summary>
/// <remarks>The encoder in it begins with the weights that it would begin with alone.</remarks>
internal abstract class HeadedNetwork : SequenceNetwork
{
    private const string EncoderName = "encoder";

    [ComponentName(Name = EncoderName)]
    private readonly SequenceEncoder _encoder;

    /// <summary>Calls <c>RegisterComponents</c> and <see cref="DrawHeads"/> at the end of its own.</summary>
    protected HeadedNetwork(string name, EncoderOptions shape, int rows, ulong seed)
        : base(name, shape.Window)
        => _encoder = new SequenceEncoder(shape, rows, seed);

    internal override double Temperature => _encoder.Temperature;

    internal override Parameter ItemTable => _encoder.ItemTable;

    internal override ItemRows? Page
    {
        get => _encoder.Page;
        set => _encoder.Page = value;
    }

    internal override Tensor ItemVectors(Tensor? rows) => _encoder.ItemVectors(rows);

    /// <summary>States as the next item is predicted from them, with dropout in training.</summary>
    /// <returns>[B, T, D]; the caller disposes it.</returns>
    public override Tensor forward(SequenceBatch batch)
    {
        _encoder.DropoutGenerator = DropoutGenerator;
        return _encoder.forward(batch);
    }

    /// <summary>The same states without dropout and without a way back for gradients, also in training.</summary>
    /// <returns>[B · T, D]; the caller disposes it.</returns>
    internal Tensor Settled(SequenceBatch batch)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var was = _encoder.training;
        _encoder.eval();
        var states = _encoder.forward(batch);
        _encoder.train(was);
        return states.reshape(-1, states.shape[^1]).MoveToOuterDisposeScope();
    }

    /// <summary>Draws the heads' weights.</summary>
    protected void DrawHeads(ulong seed) => Draw(new Chance(seed).Split("heads"));

    /// <inheritdoc/>
    protected override double Spread(string weightName, long[] shape)
        => weightName.StartsWith($"{EncoderName}.", StringComparison.Ordinal) ? 0 : base.Spread(weightName, shape);
}
