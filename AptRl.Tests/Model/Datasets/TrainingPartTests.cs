using System.Collections.Immutable;
using AptRl.Model.Datasets;
using AptRl.Model.Events;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Datasets;

public sealed class TrainingPartTests
{
    private static readonly ImmutableArray<ItemId> Items = [.. "abcdefgh".Select(letter => new ItemId(letter.ToString()))];

    [Fact]
    public void Of_anonymous_sessions_the_newest_tenth_is_held_out_from_the_second_touch_on()
    {
        // Twenty sessions: a tenth is the last two, "a b c" with two questions and "d" with none.
        var (fit, validation) = Part(
            [.. Enumerable.Range(0, 18).Select(at => Touches(at, 0, 1)), Touches(18, 0, 1, 2), Touches(19, 3)], HoldOutRule.NewestSequences).HoldOut();

        Assert.Equal(18, fit.Sequences.Count);
        Assert.Equal(Items, fit.Items);
        Assert.Equal(["0 → 1 of 18 at 18", "0 1 → 2 of 18 at 18"], validation.Select(Text));
    }

    [Fact]
    public void Of_whole_histories_the_last_touch_is_held_out_where_two_are_left()
    {
        var (fit, validation) = Part([Touches(5, 0, 1, 2), Touches(6, 3, 4)], HoldOutRule.LastOfEach).HoldOut();

        Assert.Equal([2, 2], fit.Sequences.Select(touches => touches.Length));
        Assert.Equal(["0 1 → 2 of 0 at 5"], validation.Select(Text));
    }

    [Fact]
    public void Of_a_log_everything_after_one_moment_is_held_out_but_what_is_turned_away()
    {
        // Twenty touches; the newest tenth is at 90 and 91, the dismissal among it is not asked for.
        IndexedTouch[] long1 = [.. Enumerable.Range(0, 17).Select(time => At(time, time % 4))];
        var (fit, validation) = Part(
            [long1, [At(5, 6), At(91, 7, InteractionKind.Dismiss)], [At(90, 5)]], HoldOutRule.NewestTouches).HoldOut();

        // The shortened second sequence now ends first.
        Assert.Equal([1, 17], fit.Sequences.Select(touches => touches.Length));
        Assert.Equal([" → 5 of 2 at 90"], validation.Select(Text));
    }

    [Theory]
    [InlineData(HoldOutRule.NewestSequences)]
    [InlineData(HoldOutRule.LastOfEach)]
    [InlineData(HoldOutRule.NewestTouches)]
    public void Where_nothing_would_be_left_nothing_is_held_out(HoldOutRule rule)
    {
        var (fit, validation) = Part([Touches(1, 0, 1)], rule).HoldOut();

        Assert.Equal([2], fit.Sequences.Select(touches => touches.Length));
        Assert.Empty(validation);
    }

    [Fact]
    public void What_is_held_out_comes_after_what_is_fitted_and_nothing_is_in_both()
    {
        var sequences = Gen.Choose(1, 12).SelectMany(length => Gen.Choose(0, 7).ArrayOf(length)).ArrayOf(30);
        Check.One(
            Config.QuickThrowOnFailure.WithReplay(7, 1).WithMaxTest(50),
            Prop.ForAll(sequences.ToArbitrary(), items =>
            {
                IndexedTouch[][] all = [.. items.Select((sequence, user) => sequence.Select((item, at) => At(10 * at + user, item)).ToArray())];
                var part = Part(all, HoldOutRule.NewestTouches);
                var (fit, validation) = part.HoldOut();
                var fitted = fit.Sequences.SelectMany(touches => touches).ToArray();
                var isLater = fitted.Max(touch => touch.Seconds) < validation.Min(question => question.Question.Seconds);
                return isLater && fitted.Length + validation.Length == all.Sum(touches => touches.Length);
            }));
    }

    private static TrainingPart Part(IEnumerable<IndexedTouch[]> sequences, HoldOutRule rule) => new(Items, [.. sequences], rule);

    private static IndexedTouch[] Touches(long seconds, params int[] items) => Array.ConvertAll(items, item => At(seconds, item));

    private static IndexedTouch At(long seconds, int item, InteractionKind kind = InteractionKind.ViewItem) => new(item, (byte)kind, seconds);

    private static string Text(AnsweredQuestion asked)
        => $"{string.Join(' ', asked.Question.History.ToArray().Select(touch => touch.Item))} → {asked.Target} of {asked.Cluster} at {asked.Question.Seconds}";
}
