using System.Collections.Immutable;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Segments;
using AptRl.Model.Training;
using AptRl.Model.Windows;
using Xunit;

namespace AptRl.Tests.Model.Segments;

[Collection("Torch")]
public sealed class UserSegmentsTests : IDisposable
{
    private const int UsersOfAKind = 40;

    private static readonly DateTimeOffset Begin = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Now = Begin.AddDays(60);
    private static readonly string[] Kinds = ["buyer", "browser", "collector"];
    private static readonly SegmentOptions Three = new() { Count = 3 };
    private static readonly Interaction[] Log = [.. Enumerable.Range(0, 3 * UsersOfAKind).SelectMany(Shopper)];

    private readonly EncoderModel _model = EncoderTrainer.Fit(
        SequenceDataset.From(Log), new EncoderOptions { Width = 8, Layers = 1, HashBuckets = 4 }, new TrainingOptions { EpochsMax = 2 },
        cancellation: TestContext.Current.CancellationToken);

    public void Dispose() => _model.Dispose();

    [Fact]
    public void Three_kinds_of_shoppers_are_found_and_named_by_what_they_do()
    {
        var users = UserTouches.Of(Log, 100);

        var segments = UserSegments.Fit(_model, Windows(users), Now, Three);

        // Every user of a kind is in one segment, and no two kinds share one.
        var found = users.GroupBy(user => KindOf(user.User), user => segments.Assign(_model, user.Touches, Now).Index).ToDictionary(kind => kind.Key, kind => kind.Distinct().ToArray());
        Assert.All(found.Values, indices => Assert.Single(indices));
        Assert.Equal([0, 1, 2], found.Values.Select(indices => indices[0]).Order());
        Assert.All(segments.Segments, segment => Assert.Equal((UsersOfAKind, 1 / 3.0), (segment.Users, segment.Share)));

        string NameOf(string kind) => segments.Segments[found[kind][0]].Name;
        Assert.Contains("buys often", NameOf("buyer"), StringComparison.Ordinal);
        Assert.Contains("looks at ever new items", NameOf("browser"), StringComparison.Ordinal);
        Assert.Contains("fills the cart", NameOf("collector"), StringComparison.Ordinal);
    }

    [Fact]
    public void The_same_seed_finds_the_same_segments_whatever_the_order_of_the_log()
    {
        var one = UserSegments.Fit(_model, Windows(UserTouches.Of(Log, 100)), Now, Three);
        var other = UserSegments.Fit(_model, Windows(UserTouches.Of(Log.Reverse(), 100)), Now, Three);

        Assert.Equal(one.Segments.Select(segment => (segment.Name, segment.Users)), other.Segments.Select(segment => (segment.Name, segment.Users)));
        Assert.Equal(one.Segments.SelectMany(segment => segment.Means.Values), other.Segments.SelectMany(segment => segment.Means.Values));
    }

    [Fact]
    public void A_stranger_has_a_segment_and_another_encoder_is_refused()
    {
        var segments = UserSegments.Fit(_model, Windows(UserTouches.Of(Log, 100)), Now, Three);
        using var another = EncoderModel.Fresh(_model.Options, [new ItemId("i1")], seed: 9);

        Assert.InRange(segments.Assign(_model, [], Now).Index, 0, 2);
        var refusal = Assert.Throws<ArgumentException>(() => segments.Assign(another, [], Now));
        Assert.Contains("fit them anew", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Too_few_users_are_told()
        => Assert.Contains("2 are needed", Assert.Throws<InvalidDataException>(() => UserSegments.Fit(_model, [[]], Now, Three)).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_segments_that_differ_by_little_have_names_of_their_own()
    {
        // Purchases, carts, returns, length, depth, absence, popularity.
        var names = BehaviourNames.Of([[2, 0, 1, 0, 0, 0, -.5], [2, 0, 1, 0, 0, 0, .5], [0, .1, 0, 0, 0, 0, 0], [0, 0, 0, 0, -3, 0, 0]]);

        Assert.Equal(
            ["buys often, returns to the same items, likes what is rare", "buys often, returns to the same items, likes what is popular", "like the average", "short visits"],
            names);
    }

    [Fact]
    public void Behaviours_are_measured_as_they_are_described()
    {
        // Two visits: a view and a purchase of a, two days later views of b, a and a. The shop touched a four times and b once.
        ImmutableArray<Touch> window =
        [
            new(new("1"), new("a"), InteractionKind.ViewItem, Begin), new(new("2"), new("a"), InteractionKind.Purchase, Begin.AddMinutes(5)),
            new(new("3"), new("b"), InteractionKind.ViewItem, Begin.AddDays(2)), new(new("4"), new("a"), InteractionKind.ViewItem, Begin.AddDays(2).AddMinutes(1)),
            new(new("5"), new("a"), InteractionKind.ViewItem, Begin.AddDays(2).AddMinutes(2)),
        ];

        var measures = new BehaviourMeter([window]).Measure(window, Begin.AddDays(5).AddMinutes(2));

        // 1/5 bought, 0 carts, 3/5 returns, log₂ 6 touches, log₂(1 + 5/2) a visit, log₂(1 + 3) days, (4·log₂ 5 + log₂ 2)/5.
        double[] expected = [.2, 0, .6, Math.Log2(6), Math.Log2(3.5), 2, (4 * Math.Log2(5) + 1) / 5];
        Assert.All(expected.Zip(measures), pair => Assert.Equal(pair.Item1, pair.Item2, 9));
    }

    private static string KindOf(UserId user) => user.Value.Split('-')[0];

    private static ImmutableArray<Touch>[] Windows(IReadOnlyList<UserTouches> users) => [.. users.Select(user => user.Touches)];

    /// <summary>A buyer buys one of two items again and again, a browser looks at new ones only, a collector fills the cart.</summary>
    private static IEnumerable<Interaction> Shopper(int number)
    {
        var (kind, own) = (number % 3, number / 3);
        var user = new UserId($"{Kinds[kind]}-{own}");
        for (var at = 0; at < 8 + own % 3; at++)
        {
            var item = kind switch { 0 => own % 10 * 2 + at % 2, 1 => 20 + (own * 11 + at) % 60, _ => 80 + (own + at / 2) % 20 };
            var what = kind switch
            {
                0 => at % 2 == 0 ? InteractionKind.ViewItem : InteractionKind.Purchase,
                1 => InteractionKind.ViewItem,
                _ => at % 2 == 0 ? InteractionKind.ViewItem : InteractionKind.AddToCart,
            };
            yield return new Interaction(new($"{user.Value}-{at}"), user, what, Begin.AddDays(own).AddMinutes(at), [new($"i{item}")]);
        }
    }
}
