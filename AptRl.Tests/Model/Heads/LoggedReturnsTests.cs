using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Heads;
using Xunit;

namespace AptRl.Tests.Model.Heads;

public sealed class LoggedReturnsTests
{
    private const byte View = (byte)InteractionKind.ViewItem;
    private const byte Cart = (byte)InteractionKind.AddToCart;
    private const byte Purchase = (byte)InteractionKind.Purchase;

    // View, cart and purchase within half an hour, then a view two hours later; and another user.
    private static readonly IndexedTouch[][] Log =
    [
        [new(0, View, 0), new(0, Cart, 60), new(1, Purchase, 120), new(2, View, 7_320)],
        [new(3, Purchase, 0), new(3, View, 1_800)],
    ];

    [Fact]
    public void Rewards_are_discounted_within_a_session_and_not_across_half_an_hour()
    {
        var returns = new LoggedReturns(Log, new ValueOptions(), seed: 1);

        Assert.Equal([.2f, .5f, 1f, .2f, 1f, .2f], returns.Rewards.ToArray());
        Assert.Equal([false, false, true, true, false, true], returns.Ends.ToArray());

        // 1; 0.5 + 0.5·1 = 1; 0.2 + 0.5·1 = 0.7; 0.2 | 1 + 0.5·0.2 = 1.1; 0.2.
        float[] expected = [.7f, 1f, 1f, .2f, 1.1f, .2f];
        Assert.All(expected.Zip(returns.Returns(.5)), pair => Assert.Equal(pair.Item1, pair.Item2, 5));
        Assert.Equal(4, returns.FirstOf(1));
    }

    [Fact]
    public void Shuffled_rewards_stay_with_their_user()
    {
        var touches = Enumerable.Range(0, 40).Select(at => new IndexedTouch(0, at % 4 == 0 ? Purchase : View, at)).ToArray();
        var options = new ValueOptions { ShufflesRewards = true };

        var shuffled = new LoggedReturns([touches, Log[1]], options, seed: 1).Rewards.ToArray();

        Assert.Equal(10, shuffled.Take(40).Count(reward => reward == 1));
        Assert.Equal(1.2f, shuffled[40] + shuffled[41], 5);
        Assert.NotEqual(touches.Select(touch => touch.Kind == Purchase ? 1f : .2f), shuffled.Take(40));
        Assert.Equal(shuffled, new LoggedReturns([touches, Log[1]], options, seed: 1).Rewards.ToArray());
    }

    [Fact]
    public void Counts_of_touches_to_come_have_the_mean_of_the_returns()
    {
        var returns = new LoggedReturns(Log, new ValueOptions(), seed: 1);

        // 3, 2, 1, 1 | 2, 1 touches to come; their log(1 + n) is scaled by mean return 4.2/6 over their own mean.
        double[] logarithms = [Math.Log(4), Math.Log(3), Math.Log(2), Math.Log(2), Math.Log(3), Math.Log(2)];
        var scale = returns.Returns(.5).Average() / logarithms.Average();
        Assert.All(logarithms.Zip(returns.ScaledCounts(.5)), pair => Assert.Equal(scale * pair.Item1, pair.Item2, 5));
    }
}
