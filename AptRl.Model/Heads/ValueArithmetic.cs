using AptRl.Model.Encoding;
using static TorchSharp.torch;

namespace AptRl.Model.Heads;

/// <summary>The formulas of the offline heads, each on numbers alone.</summary>
internal static class ValueArithmetic
{
    /// <summary>The temperature of the conservative penalty (CCQL's code has 0.5).</summary>
    internal const double PenaltyTemperature = .5;

    /// <summary>What an advantage is divided by before its exponential weighs a cross-entropy.</summary>
    internal const double AdvantageTemperature = .5;

    private const double WeightMin = .1;
    private const double WeightMax = 10;

    // States whose values for all actions are held at once: 512 · 5,000 numbers are 10 MB.
    private const int StatesAtOnce = 512;

    /// <summary>Q(h, i) = V + u · (eᵢ - ē), for the items of each state.</summary>
    /// <param name="value">V, [M, 1].</param>
    /// <param name="direction">u, [M, D].</param>
    /// <param name="items">eᵢ, [M, K, D].</param>
    /// <param name="mean">ē, [D].</param>
    /// <returns>[M, K]; the caller disposes it.</returns>
    internal static Tensor Values(Tensor value, Tensor direction, Tensor items, Tensor mean)
    {
        using var scope = NewDisposeScope();
        var products = matmul(items, direction.unsqueeze(-1)).squeeze(-1);
        return products.Minus(matmul(direction, mean).unsqueeze(-1)).Plus(value).MoveToOuterDisposeScope();
    }

    /// <summary>Double Q: the best action by one head, at the value that the other gives it.</summary>
    /// <remarks>Q₂(s, argmaxₐ Q₁(s, a)) (van Hasselt et al. 2016, eq. 4; van Hasselt 2010).</remarks>
    /// <param name="choosing">u₁, [M, D].</param>
    /// <param name="value">V₂, [M, 1].</param>
    /// <param name="direction">u₂, [M, D].</param>
    /// <param name="items">eₐ of the actions to choose from, [A, D].</param>
    /// <param name="mean">ē, [D].</param>
    /// <returns>[M]; the caller disposes it.</returns>
    internal static Tensor BestAhead(Tensor choosing, Tensor value, Tensor direction, Tensor items, Tensor mean)
    {
        using var scope = NewDisposeScope();
        var columns = items.t();
        var best = new List<Tensor>();
        for (var from = 0L; from < choosing.shape[0]; from += StatesAtOnce)
        {
            using var part = NewDisposeScope();
            var states = choosing.narrow(0, from, Math.Min(StatesAtOnce, choosing.shape[0] - from));
            best.Add(matmul(states, columns).argmax(1).MoveToOuterDisposeScope());
        }

        var chosen = items.index_select(0, cat(best)).unsqueeze(1);
        return Values(value, direction, chosen, mean).squeeze(-1).MoveToOuterDisposeScope();
    }

    /// <summary>A = Q(s, a⁺) - the mean of Q over a⁺ and the negative actions (Xin et al. 2022, eq. 8).</summary>
    /// <param name="taken">Q of what was done, [M].</param>
    /// <param name="others">Q of the negative actions, [M, K].</param>
    /// <returns>[M]; the caller disposes it.</returns>
    internal static Tensor Advantages(Tensor taken, Tensor others)
    {
        using var scope = NewDisposeScope();
        var all = cat([taken.unsqueeze(-1), others], -1);
        return taken.Minus(all.mean([1])).MoveToOuterDisposeScope();
    }

    /// <summary>exp(A/0.5) within [0.1, 10], then divided by their mean, so that the cross-entropy keeps its size.</summary>
    /// <remarks>The weights of CRR and AWAC (Wang et al. 2020, arXiv:2006.15134; Nair et al. 2020, arXiv:2006.09359).</remarks>
    /// <param name="advantages">[M]</param>
    /// <returns>[M]; the caller disposes it.</returns>
    internal static Tensor AdvantageWeights(Tensor advantages)
    {
        using var scope = NewDisposeScope();
        var (least, most) = (zeros_like(advantages).PlusNumber(WeightMin), zeros_like(advantages).PlusNumber(WeightMax));
        var weights = advantages.Times(1 / AdvantageTemperature).exp().maximum(least).minimum(most);
        return weights.div(weights.mean()).MoveToOuterDisposeScope();
    }

    /// <summary>τ·log Σ exp(Q(s, a)/τ) over a⁺ and the negative actions, less Q(s, a⁺): what is high without having been seen.</summary>
    /// <remarks>Kumar et al. 2020, eq. 4 (arXiv:2006.04779), on a sample of the actions.</remarks>
    /// <param name="taken">[M]</param>
    /// <param name="others">[M, K]</param>
    /// <returns>[M], never below 0; the caller disposes it.</returns>
    internal static Tensor Overestimates(Tensor taken, Tensor others)
    {
        using var scope = NewDisposeScope();
        var all = cat([taken.unsqueeze(-1), others], -1).Times(1 / PenaltyTemperature);
        return all.logsumexp(-1).Times(PenaltyTemperature).Minus(taken).MoveToOuterDisposeScope();
    }
}
