using AptRl.Model.Encoding;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>An exponential running mean of weights (Polyak and Juditsky 1992), which errs less than the last step's.</summary>
internal sealed class WeightAverage : IDisposable
{
    private readonly double _decay;
    private readonly (Parameter Weight, Tensor Mean)[] _weights;

    internal WeightAverage(SequenceNetwork network, double decay)
    {
        _decay = decay;
        using var untracked = no_grad();
        _weights = [.. network.parameters().Select(weight => (weight, weight.detach().clone().DetachFromDisposeScope()))];
    }

    internal IEnumerable<Tensor> Means => _weights.Select(weight => weight.Mean);

    /// <summary>Takes the weights of a step in; the first ones weigh more, so that the start is forgotten.</summary>
    /// <param name="step">From 1.</param>
    internal void Add(int step)
    {
        using var untracked = no_grad();
        var share = Math.Max(1 - _decay, 1d / step);
        using var taken = ((float)share).ToScalar();
        using var left = ((float)(1 - share)).ToScalar();
        foreach (var (weight, mean) in _weights)
        {
            mean.mul_(left).add_(weight, taken);
        }
    }

    /// <summary>Puts the means where the weights are and the weights where the means are.</summary>
    internal void Exchange()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var (weight, mean) in _weights)
        {
            var kept = weight.detach().clone();
            weight.copy_(mean);
            mean.copy_(kept);
        }
    }

    public void Dispose()
    {
        foreach (var (_, mean) in _weights)
        {
            mean.Dispose();
        }
    }
}
