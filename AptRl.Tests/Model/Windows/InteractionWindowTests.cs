using AptRl.Model.Events;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Windows;

public sealed class InteractionWindowTests
{
    private static readonly WindowOptions Three = new() { CountMax = 3, AgeMax = TimeSpan.FromHours(1) };

    [Fact]
    public void The_oldest_makes_room_for_the_newest()
        => Assert.Equal([2, 3, 4], Minutes(Filled(1, 2, 3, 4)));

    [Fact]
    public void A_late_interaction_goes_where_its_time_belongs()
        => Assert.Equal([1, 2, 3], Minutes(Filled(1, 3, 2)));

    [Fact]
    public void What_is_older_than_the_age_bound_leaves_when_something_newer_comes()
        => Assert.Equal([50, 100], Minutes(Filled(30, 50, 100))); // 100 - 60 = 40: 30 is out

    [Fact]
    public void An_interaction_with_three_items_makes_three_touches_in_their_order()
    {
        var window = InteractionWindow.Empty(Three).Apply(Sample.At(1, "x", "a,b,c", InteractionKind.Purchase));
        Assert.Equal(["a", "b", "c"], window.Touches.Select(touch => touch.Item!.Value.Value));
    }

    [Theory]
    [InlineData(InteractionKind.ViewItemList, 0)]
    [InlineData(InteractionKind.SessionEnd, 0)]
    [InlineData(InteractionKind.Search, 1)]
    public void Impressions_and_leaving_enter_no_window_and_a_search_does(InteractionKind kind, int touches)
        => Assert.Equal(touches, InteractionWindow.Empty(Three).Apply(Sample.At(1, "x", kind is InteractionKind.ViewItemList ? "a" : null, kind)).Touches.Length);

    [Fact]
    public void However_they_arrive_the_window_is_sorted_and_bounded_and_holds_the_newest()
        => Prop.ForAll(ArbMap.Default.ArbFor<short[]>(), minutes =>
        {
            var window = Filled([.. minutes.Select(minute => (int)minute)]);
            var kept = Minutes(window);
            return kept.Count <= Three.CountMax
                && kept.SequenceEqual(kept.Order())
                && (minutes.Length == 0 || kept[^1] == minutes.Max())
                && (kept.Count == 0 || kept[^1] - kept[0] <= 60);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_hash_tells_one_touch_more_another_item_another_user_and_another_order()
    {
        var window = Filled(1, 2);
        var hash = window.Hash(Sample.Ann);

        Assert.Equal(hash, Filled(1, 2).Hash(Sample.Ann));
        Assert.NotEqual(hash, Filled(1, 2, 3).Hash(Sample.Ann));
        Assert.NotEqual(hash, window.Hash(new UserId("bob")));
        Assert.NotEqual(hash, InteractionWindow.Empty(Three).Apply(Sample.At(1, "0", "b")).Apply(Sample.At(2, "1")).Hash(Sample.Ann));
        Assert.NotEqual(hash, InteractionWindow.Empty(Three).Apply(Sample.At(1, "1")).Apply(Sample.At(2, "0")).Hash(Sample.Ann));
    }

    private static InteractionWindow Filled(params int[] minutes)
        => minutes.Select((minute, id) => Sample.At(minute, $"{id}"))
            .Aggregate(InteractionWindow.Empty(Three), (window, next) => window.Apply(next));

    private static List<int> Minutes(InteractionWindow window)
        => [.. window.Touches.Select(touch => (int)(touch.At - Sample.Noon).TotalMinutes)];
}
