using AptRl.Model.Heads;
using AptRl.Model.Native;
using Xunit;
using static TorchSharp.torch;

namespace AptRl.Tests.Model.Heads;

[Collection("Torch")]
public sealed class ValueArithmeticTests
{
    static ValueArithmeticTests() => TorchRuntime.EnsureLoaded();

    [Fact]
    public void A_value_is_that_of_the_state_and_how_far_the_item_is_from_the_mean_item_along_its_direction()
    {
        using var scope = NewDisposeScope();

        // V = 3, u = (5, 2), items (1, 0) and (0, 1), mean (0.5, 0.5): 3 + 5 - 3.5 and 3 + 2 - 3.5.
        var values = ValueArithmetic.Values(tensor([3f], [1, 1]), tensor([5f, 2f], [1, 2]), tensor([1f, 0f, 0f, 1f], [1, 2, 2]), tensor([.5f, .5f]));

        Assert.Equal([4.5f, 1.5f], values.data<float>().ToArray());
    }

    [Fact]
    public void The_best_action_is_chosen_by_one_head_and_valued_by_the_other()
    {
        using var scope = NewDisposeScope();
        var items = tensor([1f, 0f, 0f, 1f], [2, 2]);

        // The learner prefers the second item, which the judge gives 3 + 2; its own best, the first, would be 3 + 5.
        var ahead = ValueArithmetic.BestAhead(tensor([.1f, .9f], [1, 2]), tensor([3f], [1, 1]), tensor([5f, 2f], [1, 2]), items, tensor([0f, 0f]));

        Assert.Equal([5f], ahead.data<float>().ToArray());
    }

    [Fact]
    public void The_best_ahead_of_many_states_is_that_of_each_alone()
    {
        using var scope = NewDisposeScope();
        var numbers = Enumerable.Range(0, 2 * 1_100).Select(at => (float)Math.Sin(at * at)).ToArray();
        var (choosing, direction) = (tensor(numbers, [1_100, 2]), tensor(numbers.Reverse().ToArray(), [1_100, 2]));
        var (value, items, mean) = (tensor(numbers.Take(1_100).ToArray(), [1_100, 1]), tensor([1f, 0f, 0f, 1f, -1f, -1f], [3, 2]), tensor([0f, 0f]));

        var together = ValueArithmetic.BestAhead(choosing, value, direction, items, mean).data<float>().ToArray();

        foreach (var at in (int[])[0, 511, 512, 1_024, 1_099])
        {
            var alone = ValueArithmetic.BestAhead(choosing.narrow(0, at, 1), value.narrow(0, at, 1), direction.narrow(0, at, 1), items, mean);
            Assert.Equal(alone.item<float>(), together[at], 5);
        }
    }

    [Fact]
    public void An_advantage_is_over_the_mean_of_what_was_and_was_not_done()
    {
        using var scope = NewDisposeScope();

        // 1 - (1 + 0 + 0.5)/3 = 0.5; 0 - (0 + 0 + 0)/3 = 0.
        var advantages = ValueArithmetic.Advantages(tensor([1f, 0f]), tensor([0f, .5f, 0f, 0f], [2, 2]));

        Assert.Equal([.5f, 0f], advantages.data<float>().ToArray());
    }

    [Fact]
    public void Weights_are_exponentials_of_advantages_within_bounds_and_1_on_average()
    {
        using var scope = NewDisposeScope();

        // exp(0.5/0.5) = e and exp(0) = 1, over their mean (e + 1)/2.
        var weights = ValueArithmetic.AdvantageWeights(tensor([.5f, 0f])).data<float>().ToArray();
        Assert.Equal(2 * Math.E / (Math.E + 1), weights[0], 5);
        Assert.Equal(2 / (Math.E + 1), weights[1], 5);

        // exp(-10) is held at 0.1 and exp(10) at 10, whose mean is 5.05.
        weights = ValueArithmetic.AdvantageWeights(tensor([-5f, 5f])).data<float>().ToArray();
        Assert.Equal(.1 / 5.05, weights[0], 5);
        Assert.Equal(10 / 5.05, weights[1], 5);
    }

    [Fact]
    public void The_penalty_is_how_much_the_soft_maximum_is_above_what_was_done()
    {
        using var scope = NewDisposeScope();

        // 0.5·log(exp(1/0.5) + exp(1/0.5)) - 1 = 0.5·log 2; beside -∞ there is nothing to penalise.
        var penalties = ValueArithmetic.Overestimates(tensor([1f, 1f]), tensor([1f, -1e9f], [2, 1])).data<float>().ToArray();

        Assert.Equal(.5 * Math.Log(2), penalties[0], 5);
        Assert.Equal(0, penalties[1], 5);
    }
}
