using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Versions;
using AptRl.Model.Windows;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Model.Versions;

public sealed class EncoderVersionsTests
{
    private static readonly EncoderVersions Two = EncoderVersions.Of(Version("aaaa1")).With(Version("bbbb2"));

    [Fact]
    public void A_version_looks_on_until_it_is_promoted_and_a_rollback_returns_to_the_one_before()
    {
        Assert.Equal("aaaa1", Two.Active);
        var promoted = Two.Promote("bbbb2", Sample.Noon);
        Assert.Equal(("bbbb2", "aaaa1"), (promoted.Active, Assert.Single(promoted.Former)));
        var back = promoted.RollBack(Sample.Noon.AddHours(1));
        Assert.Equal("aaaa1", back.Active);
        Assert.Empty(back.Former);
        Assert.Equal([new Promotion("bbbb2", Sample.Noon, false), new Promotion("aaaa1", Sample.Noon.AddHours(1), true)], back.History);
        Assert.Throws<ArgumentException>(() => back.RollBack(Sample.Noon));
    }

    [Fact]
    public void What_serves_or_is_returned_to_stays_and_the_number_is_bounded()
    {
        Assert.Throws<ArgumentException>(() => Two.Without("aaaa1"));
        Assert.Throws<ArgumentException>(() => Two.Promote("bbbb2", Sample.Noon).Without("aaaa1"));
        Assert.Throws<ArgumentException>(() => Two.Promote("aaaa1", Sample.Noon));
        Assert.Throws<ArgumentException>(() => Two.Promote("cccc3", Sample.Noon));
        Assert.Equal("aaaa1", Assert.Single(Two.Without("bbbb2").Versions).Id);
        var full = Enumerable.Range(0, EncoderVersions.CountMax - 2).Aggregate(Two, (versions, i) => versions.With(Version($"more{i}")));
        Assert.Throws<ArgumentException>(() => full.With(Version("one too many")));
        Assert.Same(full, full.With(Version("aaaa1")));
    }

    [Theory]
    [InlineData("bbbb2", "bbbb2")]
    [InlineData("bbbb", "bbbb2")]
    [InlineData("bbb", null)]
    [InlineData("cccc", null)]
    public void A_version_is_named_by_its_first_digits(string name, string? found) => Assert.Equal(found, Two.Find(name)?.Id);

    [Fact]
    public void Only_what_the_encoder_has_a_part_in_is_described_again()
    {
        var decision = Sample.Decided(0, "r", "a");
        decision = decision with { Slate = [decision.Slate[0] with { Features = Sample.Features((0, 7), (5, 7), (32, 1), (33, 0.5f), (45, 0.25f), (47, 1)) }] };
        var again = Reencoding.Under(decision, [0.125f, 0.5f], new TwoNumbers());

        // 0.125 · 0.5 · 32 = 2; 0.5 · 0.25 · 32 = 4, in the 16th group; 0.125 · 0.5 + 0.5 · 0.25 = 0.1875.
        Assert.Equal(
            Sample.Features((0, 2), (16, 4), (32, 0.1875f), (33, 0.5f), (45, 0.25f), (47, 1)).AsBytes().ToArray(), again.Slate[0].Features.AsBytes().ToArray());
        Assert.Equal("m", again.ModelVersion);
        var own = decision with { ModelVersion = "two" };
        Assert.Same(own, Reencoding.Under(own, [1, 1], new TwoNumbers()));
    }

    [Fact]
    public void Beyond_the_first_features_no_encoder_has_a_part_in_any()
    {
        var learner = new Learner(new LearnerOptions());
        learner.Learn(Sample.Touched(1, 0, "a", session: 1));
        learner.Learn(Sample.Touched(2, 1, "b", session: 1));
        learner.Learn(Sample.Shown(3, 2, ("a", Sample.Features((0, 1)))));
        learner.Advance();
        ImmutableArray<Touch> window = [.. "aba".Select((item, i) => new Touch(new EventId($"{i}"), Sample.Item($"{item}"), InteractionKind.ViewItem, Sample.Noon.AddMinutes(i)))];
        var (one, other) = (FeaturesOf(new TwoNumbers(), [0.5f, 0.5f]), FeaturesOf(new Other(), [-0.5f, 0.25f]));
        Assert.NotEqual(one[..Features.OfEncoder], other[..Features.OfEncoder]);
        Assert.Equal(one[Features.OfEncoder..], other[Features.OfEncoder..]);
        Assert.True(one[Features.OfEncoder..].Count(number => number != 0) > 5);

        float[] FeaturesOf(IItemSpace space, float[] state)
        {
            var features = new float[FeatureVector.Length];
            var context = new DecisionContext(
                DecisionId.For(Sample.Ann, Sample.Home, "r"), "r", Sample.Noon.AddMinutes(5), 1, [], [], null, state, window, 2,
                new Dictionary<ItemId, int> { [Sample.Item("b")] = 2 });
            DecisionMaker.Means(context, learner.Policy(), space, Catalogue.Empty, [Sample.Item("b")], features);
            return features;
        }
    }

    [Fact]
    public void After_another_encoder_took_over_features_of_the_former_count_for_clicks_only()
    {
        var learner = new Learner(new LearnerOptions());
        var features = Sample.Features((0, 1));
        learner.Learn(Sample.Shown(1, 0, ("a", features)) with { Encoder = "one" });
        learner.Advance();
        learner.TakeOver("two", [], 0);
        learner.Learn(Sample.Rewarded(2, 1, "a", features) with { Encoder = "one" });
        learner.Advance();
        Assert.Equal(1, learner.Foreign);
        Assert.All(learner.Policy().Parameters.ToArray(), parameter => Assert.Equal(0, parameter));
        Assert.Equal(new ItemCounts(0, 0, 0, 1, 1), learner.Policy().Counts[Sample.Item("a")]);

        // λ = 10: θ = 1/(1 + 10).
        learner.Learn(Sample.Shown(3, 2, ("a", features)) with { Encoder = "two" });
        learner.Learn(Sample.Rewarded(4, 3, "a", features) with { Encoder = "two" });
        learner.Advance();
        Assert.Equal(0.2f / 11, learner.Policy().Parameters[0], 6);
        Assert.Equal(learner.Image().Hash(), new Learner(learner.Image(), new LearnerOptions()).Image().Hash());
    }

    private static EncoderVersion Version(string id) => new(id, Sample.Noon, id);

    private sealed class TwoNumbers : IItemSpace
    {
        private static readonly float[] Vector = [0.5f, 0.25f];

        public string Version => "two";

        public int Width => 2;

        public IReadOnlyList<ItemId> Items => [];

        public ReadOnlySpan<float> VectorOf(ItemId item) => Vector;

        public IReadOnlyList<ItemId> Nearest(ReadOnlySpan<float> state, int count) => [];
    }

    private sealed class Other : IItemSpace
    {
        private static readonly float[] Vector = [-0.75f, 0.125f];

        public string Version => "other";

        public int Width => 2;

        public IReadOnlyList<ItemId> Items => [];

        public ReadOnlySpan<float> VectorOf(ItemId item) => Vector;

        public IReadOnlyList<ItemId> Nearest(ReadOnlySpan<float> state, int count) => [];
    }
}
