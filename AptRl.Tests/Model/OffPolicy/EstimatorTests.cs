using AptRl.Model.OffPolicy;
using AptRl.Model.OffPolicy.Estimators;
using AptRl.Model.OffPolicy.Slates;
using Xunit;

namespace AptRl.Tests.Model.OffPolicy;

public sealed class EstimatorTests
{
    // w, r, q̂ of what was shown, Σ π q̂.
    private static readonly WeighedRound[] Rounds = [new(2, 1, 0.5, 0.6), new(0.5, 0, 0.25, 0.4), new(4, 1, 0.75, 0.5)];

    // r, w down to here, position-wise w, Q̂ of what was shown, Σ π Q̂.
    private static readonly WeighedSlate[] Slates =
    [
        new([new(1, 2, 1.25, 0.5, 0.6), new(0, 1, 0.5, 0.2, 0.3)]),
        new([new(0, 0.5, 0.8, 0.4, 0.5), new(1, 1.5, 2, 0.6, 0.7)]),
    ];

    [Fact]
    public void Weighing_alone_gives_what_three_rounds_give_by_hand()
    {
        // (2·1 + 0.5·0 + 4·1) / 3; no weight above 3; divided by 6.5, the sum of the weights.
        Assert.Equal(2, Value(new InversePropensity(), Rounds), 14);
        Assert.Equal(5 / 3.0, Value(new ClippedInversePropensity(3), Rounds), 14);
        Assert.Equal(6 / 6.5, Value(new SelfNormalised(), Rounds), 14);
    }

    [Fact]
    public void A_model_and_its_surprises_give_what_three_rounds_give_by_hand()
    {
        // Expected 0.6, 0.4, 0.5; surprises 0.5, -0.25, 0.25, weighed 1, -0.125, 1.
        Assert.Equal(1.5 / 3, Value(new DirectMethod(), Rounds), 14);
        Assert.Equal((1.5 + 1.875) / 3, Value(new DoublyRobust(), Rounds), 14);
        Assert.Equal(1.5 / 3 + 1.875 / 6.5, Value(new SelfNormalisedDoublyRobust(), Rounds), 14);

        // Weight 4 is above 3, so that round is left to the model.
        Assert.Equal((1.5 + 0.875) / 3, Value(new SwitchDoublyRobust(3), Rounds), 14);

        // λ = 4: 4·2/(4 + 4) = 1, 4·0.5/(0.25 + 4) = 8/17, 4·4/(16 + 4) = 0.8.
        Assert.Equal((1.5 + 1 * 0.5 - 8 / 17.0 * 0.25 + 0.8 * 0.25) / 3, Value(new ShrunkDoublyRobust(4), Rounds), 14);
    }

    [Fact]
    public void Bounds_at_their_ends_are_the_estimators_without_bounds()
    {
        Assert.Equal(Value(new InversePropensity(), Rounds), Value(new ClippedInversePropensity(double.PositiveInfinity), Rounds), 14);
        Assert.Equal(Value(new DoublyRobust(), Rounds), Value(new SwitchDoublyRobust(double.PositiveInfinity), Rounds), 14);
        Assert.Equal(Value(new DoublyRobust(), Rounds), Value(new ShrunkDoublyRobust(double.PositiveInfinity), Rounds), 14);
        Assert.Equal(Value(new DirectMethod(), Rounds), Value(new SwitchDoublyRobust(0), Rounds), 14);
        Assert.Equal(Value(new DirectMethod(), Rounds), Value(new ShrunkDoublyRobust(0), Rounds), 14);
    }

    [Fact]
    public void Slates_give_what_two_slates_give_by_hand()
    {
        // The whole slate's weight, 1 and 1.5, times its reward of 1 each.
        Assert.Equal((1 + 1.5) / 2, Value(new SlateInversePropensity(), Slates), 14);

        // The reward of the first slate stands first, of the second second.
        Assert.Equal((1.25 + 2) / 2, Value(new PositionInversePropensity(), Slates), 14);
        Assert.Equal((2 + 1.5) / 2, Value(new CascadeInversePropensity(), Slates), 14);
        Assert.Equal(2 / 2.5 + 1.5 / 2.5, Value(new SelfNormalisedCascade(2), Slates), 14);
        Assert.Equal((0.6 + 0.5) / 2, Value(new SlateDirectMethod(), Slates), 14);

        // 2·(1 - 0.5) + 1·0.6 + 1·(0 - 0.2) + 2·0.3 = 2; 0.5·(0 - 0.4) + 1·0.5 + 1.5·(1 - 0.6) + 0.5·0.7 = 1.25.
        Assert.Equal((2 + 1.25) / 2, Value(new CascadeDoublyRobust(), Slates), 14);
    }

    [Fact]
    public void Slates_of_one_position_are_rounds()
    {
        WeighedSlate[] slates = [.. Rounds.Select(round => new WeighedSlate([new(round.Reward, round.Weight, round.Weight, round.Predicted, round.Expected)]))];

        Assert.All(
            (IEstimator<WeighedSlate>[])[new SlateInversePropensity(), new PositionInversePropensity(), new CascadeInversePropensity()],
            estimator => Assert.Equal(Value(new InversePropensity(), Rounds), Value(estimator, slates), 14));
        Assert.Equal(Value(new SelfNormalised(), Rounds), Value(new SelfNormalisedCascade(1), slates), 14);
        Assert.Equal(Value(new DoublyRobust(), Rounds), Value(new CascadeDoublyRobust(), slates), 14);
    }

    [Fact]
    public void A_constant_added_to_every_reward_is_added_to_self_normalised_estimates()
    {
        WeighedRound[] more = [.. Rounds.Select(round => round with { Reward = round.Reward + 10 })];

        Assert.Equal(10, Value(new SelfNormalised(), more) - Value(new SelfNormalised(), Rounds), 12);
        Assert.Equal(10, Value(new SelfNormalisedDoublyRobust(), more) - Value(new SelfNormalisedDoublyRobust(), Rounds), 12);

        // Without normalisation it is multiplied by the mean weight, 6.5/3.
        Assert.Equal(10 * 6.5 / 3, Value(new InversePropensity(), more) - Value(new InversePropensity(), Rounds), 12);
    }

    [Fact]
    public void The_bound_that_is_chosen_cuts_what_is_all_variance_and_no_bias()
    {
        // A weight of 1,000 whose surprise is 0: to cut it costs nothing and saves nothing. A surprise beside it makes the
        // uncut one vary: of 1 on average 0 in 100 such rounds, so that cutting has no bias.
        WeighedRound[] noisy = [.. Enumerable.Range(0, 10_000).Select(i => i % 100 == 0 ? new WeighedRound(60, i % 200 == 0 ? 1 : 0, 0.5, 0.5) : new WeighedRound(1, 0.5, 0.5, 0.5))];
        Assert.Equal(0, BoundChoice.Best(noisy, BoundChoice.Bounds, bound => new SwitchDoublyRobust(bound)).Modified(60));

        // Where the large weights hold what the model does not know, they are kept.
        WeighedRound[] telling = [.. noisy.Select(round => round.Weight == 60 ? round with { Reward = 1 } : round)];
        Assert.Equal(60, BoundChoice.Best(telling, BoundChoice.Bounds, bound => new SwitchDoublyRobust(bound)).Modified(60));
    }

    internal static double Value<T>(IEstimator<T> estimator, IEnumerable<T> rounds)
    {
        var sums = new double[estimator.Sums];
        foreach (var round in rounds)
        {
            estimator.Add(round, sums);
        }

        return estimator.Value(sums);
    }
}
