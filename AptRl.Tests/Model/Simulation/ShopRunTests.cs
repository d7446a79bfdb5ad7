using System.Collections.Immutable;
using System.Text.Json;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Recommenders;
using AptRl.Model.Simulation;
using AptRl.Model.Simulation.Shopkeepers;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Model.Simulation;

[Collection("Torch")]
public sealed class ShopRunTests
{
    private static readonly ShopOptions Small = new() { Seed = 3, ItemCount = 40, ShopperCount = 60 };
    private static readonly ShopRunOptions Short = new() { Decisions = 600, History = 600, SlateLength = 4, Steps = 20 };

    [Fact]
    public void The_same_seed_gives_the_same_result_to_the_bit()
    {
        foreach (var open in (Func<SimulatedShop, EncoderModel, IShopkeeper>[])[AptRl, ItemKnn])
        {
            var (one, two) = (Run(new SimulatedShop(Small), open, Short), Run(new SimulatedShop(Small), open, Short));
            var other = Run(new SimulatedShop(Small with { Seed = 4 }), open, Short);
            Assert.Equal(JsonSerializer.Serialize(one), JsonSerializer.Serialize(two));
            Assert.NotEqual(JsonSerializer.Serialize(one), JsonSerializer.Serialize(other));
        }
    }

    [Fact]
    public void A_learner_earns_twice_what_chance_does_and_comes_back_when_what_is_good_moves()
    {
        var options = Short with { Decisions = 8_000, DriftAfter = 4_000, SlateLength = 2, Steps = 80 };
        var learned = Summary("aptrl", Run(TwelveItemShop.Open(), Forgetful, options), options);
        var random = Summary("random", Run(TwelveItemShop.Open(), (shop, _) => new UniformShopkeeper(shop.Catalogue, 1), options), options);

        Assert.Equal(0.468, learned.OracleCtr, 6);
        Assert.True(learned.Ctr.Low > 2 * random.Ctr.High, $"learned {learned.Ctr}, random {random.Ctr}");
        Assert.True(learned.RecoveryDecisions <= 4_000, $"back after {learned.RecoveryDecisions}, {learned.OfOracleBefore} before, {learned.OfOracleAtEnd} at the end");
    }

    [Fact]
    public void The_oracle_is_never_below_any_slate_whatever_moved_and_whatever_was_seen()
    {
        var shop = new SimulatedShop(Small with { FashionMoves = true });
        var chance = new Chance(11);
        for (var turn = 0; turn < 400; turn++)
        {
            if (turn == 200)
            {
                shop.DriftFrom(shop.Now);
            }

            var view = shop.NextTurn()!.View;
            var best = shop.ExpectedCtr(view, shop.OracleSlate(view, 4));
            ImmutableArray<ItemId> slate = [];
            for (var draw = 0; draw < 20; draw++)
            {
                slate = [.. Enumerable.Range(0, 4).Select(_ => shop.Catalogue[chance.Next(shop.Catalogue.Length)].Id).Distinct()];
                Assert.True(shop.ExpectedCtr(view, slate) <= best + 1e-12, $"turn {turn}: {string.Join(", ", slate)} beats {best}");
            }

            shop.Respond(view, slate, "r");
        }
    }

    [Fact]
    public void Shuffled_rewards_are_as_many_and_as_large_but_fall_on_anything_that_was_shown()
    {
        var decision = Sample.Decided(0, "page", "a", "b", "c");
        var timeline = Sample.Timeline(facts: new AptRl.Model.Windows.DecisionMade(decision));
        var lesson = Sample.Rewarded(2, 0, "a", decision.Slate[0].Features);
        var shuffled = new ShuffledRewards(new Chance(1));

        var moved = Enumerable.Range(0, 300).Select(_ => Assert.Single(shuffled.Of(timeline, lesson).Rewarded)).ToArray();

        Assert.All(moved, reward => Assert.Equal((RewardType.Click, FeatureVector.One), (reward.Type, reward.Amount)));
        Assert.All(moved, reward => Assert.Same(decision.Slate[decision.PositionOf(reward.Item)].Features, reward.Features));
        foreach (var item in decision.Slate.Select(shown => shown.Item))
        {
            // 300 draws of 1/3: 100 with a standard deviation of 8.2.
            Assert.InRange(moved.Count(reward => reward.Item == item), 70, 130);
        }
    }

    private static ShopRunResult Run(SimulatedShop shop, Func<SimulatedShop, EncoderModel, IShopkeeper> open, ShopRunOptions run)
    {
        using var encoder = EncoderModel.Fresh(new EncoderOptions { Width = 8, Layers = 1, HashBuckets = 8 }, [.. shop.Catalogue.Select(item => item.Id)], 1);
        using var shopkeeper = open(shop, encoder);
        return ShopRun.Of(shop, shopkeeper, run, null, TestContext.Current.CancellationToken);
    }

    private static AptRlShopkeeper AptRl(SimulatedShop shop, EncoderModel encoder) => Learning(shop, encoder, TimeSpan.FromDays(14));

    // Some 80 page views an hour here, so that a row counts half after 500 of them.
    private static AptRlShopkeeper Forgetful(SimulatedShop shop, EncoderModel encoder) => Learning(shop, encoder, TimeSpan.FromHours(6));

    private static AptRlShopkeeper Learning(SimulatedShop shop, EncoderModel encoder, TimeSpan halfLife) => new(encoder, shop.Catalogue, new AptRlShopkeeperOptions
    {
        Scenario = new ScenarioOptions { Id = Sample.Home, Learner = new LearnerOptions { RewardWeights = [1, 0, 0, 0, 0], HalfLife = halfLife } },

        // A window of many more touches than there are items always holds all of them, and says little.
        Window = new() { DecisionsMax = 16, CreditUnnamed = false, CountMax = 20 },
    });

    private static RecipeShopkeeper ItemKnn(SimulatedShop shop, EncoderModel encoder)
        => new(new ItemKnn(), shop.Catalogue, new RecipeShopkeeperOptions { RefitEvery = 200 }, TestContext.Current.CancellationToken);

    private static PolicySummary Summary(string name, ShopRunResult result, ShopRunOptions options)
        => PolicySummary.Of(name, [result], options.DriftAfter, resamples: 200, new Chance(1));
}
