using System.Collections.Immutable;
using System.Globalization;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Comparison;

/// <summary>What both frameworks host: a user's window, and the product's own decide function over it.</summary>
/// <remarks>
/// 500 items, 128 candidates, slates of 6, a window of 20 touches, a policy that has learned from 2,000 slates. No encoder, no journal: only the
/// way to the state and back is compared. A decision is a pure function of user and request, so that every answer can be checked.
/// </remarks>
internal sealed class Brain
{
    private const int ItemCount = 500;
    private static readonly DateTimeOffset Noon = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ScenarioOptions Scenario = new() { Id = new ScenarioId("home"), Count = 6 };
    private static readonly ImmutableArray<ItemId> Items = [.. Enumerable.Range(0, ItemCount).Select(number => new ItemId(string.Create(CultureInfo.InvariantCulture, $"item-{number}")))];
    private static readonly Catalogue Shop = Catalogue.Empty.With([.. Items.Select((item, number) => new Item(item, true, [string.Create(CultureInfo.InvariantCulture, $"category-{number % 20}")]))]);
    private static readonly LinearPolicy Policy = Learned();

    private readonly UserId _user;
    private readonly ImmutableArray<Touch> _window;

    public Brain(string user)
    {
        _user = new UserId(user);
        var chance = new Chance(AptRl.Model.Events.StableHash.Of(user));
        var window = ImmutableArray.CreateBuilder<Touch>(20);
        for (var touch = 0; touch < 20; touch++)
        {
            window.Add(new Touch(new EventId($"{user}-{touch}"), Items[chance.Next(ItemCount)], InteractionKind.ViewItem, Noon.AddMinutes(touch - 20)));
        }

        _window = window.MoveToImmutable();
    }

    /// <summary>The slate of a request, its items with commas between them.</summary>
    public string Decide(string request)
    {
        var context = new DecisionContext(DecisionId.For(_user, Scenario.Id, request), request, Noon, Scenario.Count, [], [], null, [], _window, null, null);
        return string.Join(',', DecisionMaker.Decide(Scenario, context, Policy, Shop, NoEncoder.One).Slate.Select(shown => shown.Item.Value));
    }

    private static LinearPolicy Learned()
    {
        var learner = new Learner(Scenario.Learner);
        var chance = new Chance(1);
        for (var number = 1; number <= 2_000; number++)
        {
            var shown = ImmutableArray.CreateBuilder<ShownItem>(6);
            for (var position = 0; position < 6; position++)
            {
                var numbers = new float[FeatureVector.Length];
                for (var i = 33; i < numbers.Length; i++)
                {
                    numbers[i] = (float)chance.NextDouble();
                }

                shown.Add(new ShownItem(Items[chance.Next(ItemCount)], FeatureVector.From(numbers)));
            }

            var item = shown[chance.Next(6)];
            learner.Learn(new Lesson(
                number, Noon, null, [new TouchedItem(item.Item, null, InteractionKind.ViewItem, Noon, number)], shown.MoveToImmutable(),
                [new RewardedItem(item.Item, item.Features, RewardType.Click, FeatureVector.One)]));
        }

        learner.Advance();
        return learner.Policy();
    }

    private sealed class NoEncoder : IItemSpace
    {
        public static readonly NoEncoder One = new();

        public string Version => "none";

        public int Width => 0;

        public IReadOnlyList<ItemId> Items => [];

        public ReadOnlySpan<float> VectorOf(ItemId item) => [];

        public IReadOnlyList<ItemId> Nearest(ReadOnlySpan<float> state, int count) => [];
    }
}
