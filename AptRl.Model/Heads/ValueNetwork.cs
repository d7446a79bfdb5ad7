using AptRl.Model.Encoding;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace AptRl.Model.Heads;

/// <summary>The encoder with two Q heads on its states, which check each other (double Q-learning: van Hasselt 2010).</summary>
/// <remarks>
/// Items are ranked by <see cref="SupervisedWeight"/> · supervised score + <see cref="ValueWeight"/> · Q, with Q the mean of the
/// heads. Both are products of something of the state with the item's vector, so the sum is one product too: the vectors that
/// are handed out are s·h + w·τ·u(h), τ the temperature. V(h) and u(h)·ē are the same for all items and change no order.
/// </remarks>
internal sealed class ValueNetwork : HeadedNetwork
{
    [ComponentName(Name = "first_head")]
    private readonly DuelingHead _first;

    [ComponentName(Name = "second_head")]
    private readonly DuelingHead _second;

    internal ValueNetwork(EncoderOptions shape, int rows, ulong seed)
        : base(nameof(ValueNetwork), shape, rows, seed)
    {
        _first = new DuelingHead(shape.Width);
        _second = new DuelingHead(shape.Width);
        RegisterComponents();
        DrawHeads(seed);
    }

    /// <summary>How much the supervised scores count in ranking. Default 1.</summary>
    internal double SupervisedWeight { get; set; } = 1;

    /// <summary>How much Q counts in ranking. Default 0: the supervised scores rank alone.</summary>
    internal double ValueWeight { get; set; }

    /// <summary>One of the two.</summary>
    internal DuelingHead Head(bool first) => first ? _first : _second;

    /// <returns>[B, T, D]: in training the states, otherwise what ranks.</returns>
    public override Tensor forward(SequenceBatch batch)
    {
        var states = base.forward(batch);
        if (training || ValueWeight == 0)
        {
            return states;
        }

        using var scope = NewDisposeScope();
        using var given = states;
        var flat = states.reshape(-1, states.shape[^1]);
        var directions = _first.forward(flat).Direction.Plus(_second.forward(flat).Direction).Times(.5 * ValueWeight * Temperature);
        return flat.Times(SupervisedWeight).Plus(directions).reshape(states.shape).MoveToOuterDisposeScope();
    }

    /// <summary>Q of both heads, the mean, for each state and item.</summary>
    /// <param name="states">[M, D]</param>
    /// <param name="items">[N, D], vectors of items.</param>
    /// <param name="mean">ē, [D]: the mean vector of <see cref="ValueLoss.Actions"/>.</param>
    /// <returns>[M, N]; the caller disposes it.</returns>
    internal Tensor Values(Tensor states, Tensor items, Tensor mean)
    {
        using var scope = NewDisposeScope();
        var centred = items.Minus(mean).t();
        var (one, other) = (_first.forward(states), _second.forward(states));
        return matmul(one.Direction.Plus(other.Direction), centred).Plus(one.Value).Plus(other.Value).Times(.5).MoveToOuterDisposeScope();
    }
}
