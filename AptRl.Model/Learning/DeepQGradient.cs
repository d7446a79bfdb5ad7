using System.Collections.Immutable;
using AptRl.Model.Encoding;
using AptRl.Model.Native;
using AptRl.Model.Training;
using static TorchSharp.torch;

namespace AptRl.Model.Learning;

/// <summary>The gradient of a network's squared error over slates, on TorchSharp.</summary>
/// <remarks>
/// L = Σ (Q(s, i) - y_i)² / N over the items of the slates, y_i = r_i + γ Q̂(s', argmax_j Q(s', j)) with s' the slate that followed:
/// double Q-learning, van Hasselt et al. 2016 (arXiv:1509.06461), Q the learner, Q̂ the judge. Difference: the best action is looked for
/// among the items that the next slate held, whose features are known, and not in the whole catalogue.
/// </remarks>
internal static class DeepQGradient
{
    private const int Features = FeatureVector.Length;

    static DeepQGradient() => TorchRuntime.EnsureLoaded();

    /// <summary>What each item of each slate should be worth.</summary>
    /// <returns>A row a slate, of the length of the longest; 0 where it is shorter.</returns>
    internal static float[] Targets(
        IReadOnlyList<RememberedSlate> slates, RewardTable rewards, DeepQNetwork network, DeepQNetwork judge)
    {
        var length = slates.Max(slate => slate.Items.Length);
        var targets = new float[slates.Count * length];
        var following = new List<(int Target, ImmutableArray<FeatureVector> Slate)>();
        for (var slate = 0; slate < slates.Count; slate++)
        {
            for (var place = 0; place < slates[slate].Items.Length; place++)
            {
                var (item, at) = (slates[slate].Items[place], slate * length + place);
                targets[at] = Earned(item, rewards);
                if (rewards.Discount > 0 && !item.Following.IsEmpty)
                {
                    following.Add((at, item.Following));
                }
                else
                {
                    // Told by a learner that had no network: the value that was written when the next slate was decided.
                    targets[at] += (float)(rewards.Discount * item.AmountOf(RewardType.Next) / FeatureVector.One);
                }
            }
        }

        if (following.Count > 0)
        {
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            var (rows, mask) = Rows([.. following.Select(next => next.Slate)]);
            var best = Values(Tensor(network.Numbers.ToArray()), network.Width, rows, mask).Plus(mask.PlusNumber(-1).Times(1e6)).argmax(1, keepdim: true);
            var values = Weights.Numbers(Values(Tensor(judge.Numbers.ToArray()), judge.Width, rows, mask).gather(1, best));
            for (var i = 0; i < following.Count; i++)
            {
                targets[following[i].Target] += (float)rewards.Discount * values[i];
            }
        }

        return targets;
    }

    /// <summary>The gradient, number by number.</summary>
    /// <param name="network">Where it is taken.</param>
    /// <param name="slates">What was shown.</param>
    /// <param name="targets">Of <see cref="Targets"/>.</param>
    internal static float[] Of(DeepQNetwork network, IReadOnlyList<RememberedSlate> slates, float[] targets)
    {
        using var scope = NewDisposeScope();
        var numbers = Tensor(network.Numbers.ToArray()).requires_grad_();
        var (rows, mask) = Rows([.. slates.Select(slate => slate.Items.Select(item => item.Features).ToImmutableArray())]);
        var error = Values(numbers, network.Width, rows, mask).Minus(Tensor(targets, slates.Count, targets.Length / slates.Count)).mul(mask);
        error.mul(error).sum().div(mask.sum()).backward();
        return Weights.Numbers(numbers.grad!);
    }

    // Q of every item: [B, K] from [B, K, F] and a mask [B, K] of what is there.
    private static Tensor Values(Tensor numbers, int width, Tensor rows, Tensor mask)
    {
        var weights = numbers.narrow(0, 0, width * Features).view(width, Features).t();
        var (bias, toAdvantage, toValue) = (Part(0), Part(1), Part(2));
        var advantage = Hidden(rows).matmul(toAdvantage).mul(mask);
        var there = mask.sum(1, keepdim: true);
        var mean = rows.sum(1).div(there);
        var value = Hidden(mean).matmul(toValue).unsqueeze(1).Plus(numbers.narrow(0, numbers.shape[0] - 1, 1));
        return advantage.Plus(value).Minus(advantage.sum(1, keepdim: true).div(there));

        Tensor Part(int number) => numbers.narrow(0, width * (Features + number), width);
        Tensor Hidden(Tensor features) => nn.functional.silu(features.matmul(weights).Plus(bias));
    }

    private static (Tensor Rows, Tensor Mask) Rows(ImmutableArray<ImmutableArray<FeatureVector>> slates)
    {
        var length = slates.Max(slate => slate.Length);
        var (rows, mask) = (new float[slates.Length * length * Features], new float[slates.Length * length]);
        for (var slate = 0; slate < slates.Length; slate++)
        {
            for (var place = 0; place < slates[slate].Length; place++)
            {
                var at = slate * length + place;
                mask[at] = 1;
                var units = slates[slate][place].Units;
                for (var i = 0; i < Features; i++)
                {
                    rows[at * Features + i] = units[i] * (1f / FeatureVector.One);
                }
            }
        }

        return (Tensor(rows, slates.Length, length, Features), Tensor(mask, slates.Length, length));
    }

    // A copy: what torch adds first depends on where numbers lie, and the runtime's arrays lie anywhere. Its own lie in one way.
    private static Tensor Tensor(float[] numbers, params ReadOnlySpan<long> shape)
    {
        using var there = shape.IsEmpty ? tensor(numbers) : tensor(numbers, shape);
        return there.clone();
    }

    private static float Earned(RememberedItem item, RewardTable rewards)
    {
        var sum = 0.0;
        for (var type = 0; type < RewardTable.Weighted; type++)
        {
            sum += rewards.WorthOf((RewardType)type) * item.AmountOf((RewardType)type) / FeatureVector.One;
        }

        return (float)sum;
    }
}
