using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Simulation;
using Xunit;

namespace AptRl.Tests.Model.Simulation;

public sealed class SimulatedShopTests
{
    private const int SlateLength = 6;
    private static readonly ShopOptions Small = new() { Seed = 5, ShopperCount = 300 };

    [Fact]
    public void The_same_seed_makes_the_same_stream_and_another_run_of_it_the_same_shop_with_new_events()
    {
        var first = Play(new SimulatedShop(Small), 400);
        var again = Play(new SimulatedShop(Small), 400);
        Assert.Equal(first.Select(Line), again.Select(Line));

        var nextRun = new SimulatedShop(Small with { Run = 2 });
        Assert.Equal(new SimulatedShop(Small).Catalogue, nextRun.Catalogue);
        Assert.Empty(Play(nextRun, 400).Select(i => i.Id).Intersect(first.Select(i => i.Id)));
        Assert.NotEqual(first.Select(Line), Play(new SimulatedShop(Small with { Seed = 6 }), 400).Select(Line));
    }

    [Fact]
    public void What_a_shopper_does_does_not_hang_on_when_other_shoppers_are_served()
    {
        var inOrder = Play(new SimulatedShop(Small), 600);

        // Eight page views are open at a time here and the last is answered first.
        var shop = new SimulatedShop(Small);
        var outOfOrder = new List<Interaction>();
        var open = new Stack<ShopTurn>();
        for (var turn = 0; turn < 600; turn++)
        {
            open.Push(shop.NextTurn()!);
            while (open.Count == 8)
            {
                Serve(shop, open.Pop(), outOfOrder);
            }
        }

        foreach (var user in inOrder.Select(i => i.User).Distinct())
        {
            var expected = inOrder.Where(i => i.User == user).Select(Line).ToArray();
            var actual = outOfOrder.Where(i => i.User == user).Select(Line).ToArray();
            var shared = Math.Min(expected.Length, actual.Length);
            Assert.Equal(expected[..shared], actual[..shared]);
        }
    }

    [Fact]
    public void Every_user_has_increasing_times_and_unique_ids()
    {
        var shop = new SimulatedShop(Small);
        var live = Play(shop, 3_000);
        var past = shop.History(3_000).ToArray();
        Assert.Equal(3_000, past.Length);
        Assert.All(past, interaction => Assert.Null(interaction.RecommendationId));
        Assert.True(past[^1].At < Small.StartAt, $"history ends at {past[^1].At}, the shop opens at {Small.StartAt}");
        Assert.Equal(past.OrderBy(i => i.At).Select(i => i.At), past.Select(i => i.At));

        Interaction[] all = [.. past, .. live];
        Assert.Equal(all.Length, all.Select(i => i.Id).Distinct().Count());
        foreach (var ofUser in all.GroupBy(i => i.User))
        {
            var times = ofUser.Select(i => i.At).ToArray();
            Assert.All(times.Zip(times.Skip(1)), pair => Assert.True(pair.Item1 < pair.Item2, $"{ofUser.Key}: {pair}"));
        }

        InteractionKind[] kinds = [.. all.Select(i => i.Kind).Distinct().Order()];
        Assert.Equal(
            [InteractionKind.ViewItem, InteractionKind.SelectItem, InteractionKind.AddToCart, InteractionKind.Purchase,
                InteractionKind.Dismiss, InteractionKind.SessionEnd],
            kinds);
    }

    [Fact]
    public void Policies_are_far_apart_and_no_slate_beats_the_oracle()
    {
        var shop = new SimulatedShop(new ShopOptions());
        var chance = new Chance(9);
        var popular = MostViewed(shop);
        var (random, top, oracle) = (0.0, 0.0, 0.0);
        const int Views = 1_500;
        for (var turn = 0; turn < Views; turn++)
        {
            var view = shop.NextTurn()!.View;
            var best = shop.OracleSlate(view, SlateLength);
            var drawn = RandomSlate(shop, ref chance);
            var (ofBest, ofDrawn, ofPopular) = (shop.ExpectedCtr(view, best), shop.ExpectedCtr(view, drawn), shop.ExpectedCtr(view, popular));
            ImmutableArray<ItemId> turned = [.. best.Reverse()];
            Assert.True(ofBest >= Math.Max(Math.Max(ofDrawn, ofPopular), shop.ExpectedCtr(view, turned)));
            (random, top, oracle) = (random + ofDrawn / Views, top + ofPopular / Views, oracle + ofBest / Views);
            shop.Respond(view, drawn, "r");
        }

        Assert.InRange(random, 0.02, 0.05);
        Assert.InRange(top, 0.06, 0.14);
        Assert.InRange(oracle, 0.25, 0.40);
    }

    [Fact]
    public void The_chance_of_a_page_is_that_of_any_of_its_positions()
    {
        var shop = new SimulatedShop(Small);
        var view = shop.NextTurn()!.View;
        ItemId[] slate = [shop.Catalogue[0].Id, shop.Catalogue[1].Id];
        var (first, second) = (shop.ClickProbability(view, slate[0], 0), shop.ClickProbability(view, slate[1], 1));

        Assert.Equal(first + (1 - first) * second, shop.ExpectedCtr(view, slate), 12);
        Assert.Equal(second * 1.25, shop.ClickProbability(view, slate[1], 0), 12);
        Assert.Equal(0, shop.ClickProbability(view, new ItemId("not sold here"), 0));
    }

    [Fact]
    public void Clicks_come_as_often_as_computed_at_every_position()
    {
        var shop = new SimulatedShop(Small);
        var clicks = new double[SlateLength];
        var expected = new double[SlateLength];
        var variance = new double[SlateLength];
        for (var turn = 0; turn < 20_000; turn++)
        {
            var view = shop.NextTurn()!.View;
            var slate = shop.OracleSlate(view, SlateLength);
            var reached = 1.0;
            for (var position = 0; position < SlateLength; position++)
            {
                var click = reached * shop.ClickProbability(view, slate[position], position);
                expected[position] += click;
                variance[position] += click * (1 - click);
                reached -= click;
            }

            var response = shop.Respond(view, slate, "r");
            var clicked = response.Where(i => i.Kind == InteractionKind.SelectItem).ToArray();
            Assert.InRange(clicked.Length, 0, 1);
            foreach (var click in clicked)
            {
                Assert.Equal(("r", slate[click.Position!.Value]), (click.RecommendationId, click.Items[0]));
                clicks[click.Position.Value]++;
            }
        }

        for (var position = 0; position < SlateLength; position++)
        {
            Assert.True(
                Math.Abs(clicks[position] - expected[position]) <= 3 * Math.Sqrt(variance[position]),
                $"position {position}: {clicks[position]} clicks, {expected[position]:0.0} ± {Math.Sqrt(variance[position]):0.0} expected");
        }
    }

    [Fact]
    public void A_drift_moves_the_oracle_and_a_seen_item_attracts_less()
    {
        var steady = new SimulatedShop(Small);
        var drifted = new SimulatedShop(Small with { DriftAfter = TimeSpan.Zero });
        var later = new SimulatedShop(Small with { DriftAfter = TimeSpan.FromDays(365) });
        var (moved, same) = (0, 0);
        for (var turn = 0; turn < 100; turn++)
        {
            var (a, b, c) = (steady.NextTurn()!.View, drifted.NextTurn()!.View, later.NextTurn()!.View);
            moved += steady.OracleSlate(a, SlateLength).Intersect(drifted.OracleSlate(b, SlateLength)).Any() ? 0 : 1;
            same += steady.OracleSlate(a, SlateLength).SequenceEqual(later.OracleSlate(c, SlateLength)) ? 1 : 0;
        }

        Assert.Equal(100, same);
        Assert.True(moved > 60, $"{moved} of 100 oracle slates have nothing in common after the drift");

        var lone = new SimulatedShop(Small with { ShopperCount = 1 });
        var view = lone.NextTurn()!.View;
        var slate = lone.OracleSlate(view, 1);
        var before = lone.ClickProbability(view, slate[0], 0);
        while (!lone.Respond(view, slate, "r").Any(i => i.Kind == InteractionKind.SelectItem && i.RecommendationId == "r"))
        {
            view = lone.NextTurn()!.View;
            before = lone.ClickProbability(view, slate[0], 0);
        }

        view = lone.NextTurn()!.View;
        Assert.True(lone.ClickProbability(view, slate[0], 0) < before / 2);
    }

    [Fact]
    public void A_shopper_waits_for_the_response_and_takes_one_only()
    {
        var shop = new SimulatedShop(Small with { ShopperCount = 2 });
        var (one, two) = (shop.NextTurn()!, shop.NextTurn()!);
        Assert.NotEqual(one.View.User, two.View.User);
        Assert.Null(shop.NextTurn());

        shop.Respond(one.View, [], null);
        Assert.Throws<InvalidOperationException>(() => shop.Respond(one.View, [], null));
        Assert.Equal(one.View.User, shop.NextTurn()!.View.User);
    }

    private static List<Interaction> Play(SimulatedShop shop, int turns)
    {
        var log = new List<Interaction>();
        for (var turn = 0; turn < turns; turn++)
        {
            Serve(shop, shop.NextTurn()!, log);
        }

        return log;
    }

    private static void Serve(SimulatedShop shop, ShopTurn turn, List<Interaction> log)
    {
        log.AddRange(turn.Browsing);
        log.AddRange(shop.Respond(turn.View, shop.OracleSlate(turn.View, SlateLength), turn.View.RequestId));
    }

    private static string Line(Interaction i)
        => $"{i.Id} {i.User} {i.Kind} {i.At:O} {string.Join(',', i.Items)} {i.Session} {i.Value} {i.RecommendationId} {i.Position}";

    private static ImmutableArray<ItemId> MostViewed(SimulatedShop shop)
        => [.. shop.History(20_000).SelectMany(i => i.Items).GroupBy(item => item).OrderByDescending(g => g.Count()).Take(SlateLength).Select(g => g.Key)];

    private static ImmutableArray<ItemId> RandomSlate(SimulatedShop shop, ref Chance chance)
    {
        var slate = new HashSet<ItemId>();
        while (slate.Count < SlateLength)
        {
            slate.Add(shop.Catalogue[chance.Next(shop.Catalogue.Length)].Id);
        }

        return [.. slate];
    }
}
