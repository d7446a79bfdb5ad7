using AptRl.Model.Encoding;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>The weights of a network as numbers, and back.</summary>
internal static class Weights
{
    internal static List<float[]> Of(SequenceNetwork network)
    {
        using var scope = NewDisposeScope();
        return [.. network.state_dict().Values.Select(Numbers)];
    }

    internal static float[] Numbers(Tensor weight)
    {
        using var scope = NewDisposeScope();
        return weight.detach().contiguous().data<float>().ToArray();
    }

    internal static void Fill(SequenceNetwork network, IReadOnlyList<float[]> numbers)
    {
        foreach (var (weight, kept) in network.state_dict().Values.Zip(numbers))
        {
            Fill(weight, kept);
        }
    }

    internal static void Fill(Tensor weight, float[] numbers)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        weight.copy_(tensor(numbers, weight.shape));
    }
}
