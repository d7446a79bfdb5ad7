using AptRl.Host.Configuration;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.OffPolicy.Slates;
using AptRl.Model.Policies;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Model.Policies;

public sealed class DiversityTests
{
    private static readonly float[] Scores = [1, 0.5f, 0];
    private static readonly int[] Groups = [1, 1, 2];

    [Fact]
    public void One_of_a_category_leaves_exact_propensities_and_gives_way_where_nothing_else_is_left()
    {
        for (var seed = 0UL; seed < 200; seed++)
        {
            var slate = SlateDraw.Draw(ExplorationRule.InverseGap, Scores, 4, [], new GroupBound(Groups, 1), 3, new Chance(seed));

            // First, M = 3: 1/(3 + 4·0.5) = 0.2, 1/(3 + 4) = 1/7, the best has the rest.
            double[] first = [1 - 0.2 - 1.0 / 7, 0.2, 1.0 / 7];
            Assert.Equal(first[slate[0].Candidate], slate[0].Propensity, 12);

            // After one of the two of category 1 only the other category may follow; after that, both of category 1:
            // M = 2, 1/(2 + 4·0.5) = 0.25.
            var expected = slate[0].Candidate < 2 ? (Candidate: 2, 1.0) : (slate[1].Candidate, slate[1].Candidate == 0 ? 0.75 : 0.25);
            Assert.Equal(expected, (slate[1].Candidate, Math.Round(slate[1].Propensity, 12)));
            Assert.Equal(1, slate[2].Propensity, 12);
            Assert.Equal(3, slate.Select(drawn => drawn.Candidate).Distinct().Count());
        }
    }

    [Fact]
    public void The_logging_policy_of_an_evaluation_keeps_the_bound_that_the_log_was_drawn_under()
    {
        for (var seed = 0UL; seed < 50; seed++)
        {
            var drawn = SlateDraw.Draw(ExplorationRule.InverseGap, Scores, 4, [], new GroupBound(Groups, 1), 3, new Chance(seed));
            var slate = new LoggedSlate(0, [], [[0], [0], [0]], Scores, 4, [], [.. drawn.Select(place => new LoggedPlace(place.Candidate, place.Propensity, 0))])
            {
                Groups = Groups, GroupMax = 1,
            };
            var (shown, probabilities) = (new bool[3], new double[3]);
            foreach (var place in drawn)
            {
                InverseGapSlates.Logging.FillNext(slate, shown, probabilities);
                Assert.Equal(place.Propensity, probabilities[place.Candidate]);
                Assert.Equal(1, probabilities.Sum(), 12);
                shown[place.Candidate] = true;
            }
        }
    }

    [Fact]
    public void A_bounded_decision_has_no_more_of_a_category_than_it_may_and_can_be_drawn_again()
    {
        var catalogue = Catalogue.Empty.With("abcdef".Select((name, i) => new Item(Sample.Item($"{name}"), true, i < 4 ? ["shoes", "sale"] : i == 4 ? ["hats"] : [])));
        var scenario = new ScenarioOptions { Id = Sample.Home, Diversity = new DiversityOptions { CategoryMax = 1 } };
        var policy = new Learner(new LearnerOptions()).Policy();
        for (var i = 0; i < 50; i++)
        {
            var decision = DecisionMaker.Decide(scenario, Context($"r{i}", 3) with { Own = [.. catalogue.Available] }, policy, catalogue, new Nothing());
            Assert.Single(decision.Slate, shown => "abcd".Contains(shown.Item.Value, StringComparison.Ordinal));
            Assert.Equal(1, decision.GroupMax);
            Assert.Equal(decision.Slate.Select(shown => shown.Propensity), DecisionMaker.Redraw(decision).Select(drawn => drawn.Propensity));
        }

        Assert.Equal(0, DecisionMaker.Decide(scenario with { Diversity = new() }, Context("free", 3), policy, catalogue, new Nothing()).GroupMax);
    }

    [Fact]
    public void An_item_in_too_many_of_the_last_slates_is_no_candidate()
    {
        var learner = new Learner(new LearnerOptions { ExposureSlates = 2 });
        learner.Learn(Shown(1, "a", "b"));
        learner.Learn(Shown(2, "a", "c"));
        learner.Advance();
        learner.Learn(Shown(3, "a", "d"));
        learner.Advance();

        // a stands in 3 of 3, the others in 1 of 3.
        var policy = learner.Policy(0.5);
        Assert.Equal([Sample.Item("a")], policy.Overexposed);
        Assert.Equal(4, learner.Policy(0.3).Overexposed.Count);
        Assert.Empty(learner.Policy().Overexposed);
        Assert.Equal([Sample.Item("a")], new Learner(learner.Image(), new LearnerOptions { ExposureSlates = 2 }).Policy(0.5).Overexposed);

        var catalogue = Catalogue.Empty.With("ab".Select(name => new Item(Sample.Item($"{name}"), true, [])));
        var scenario = new ScenarioOptions { Id = Sample.Home };
        var decision = DecisionMaker.Decide(scenario, Context("r", 2), policy, catalogue, new Nothing());
        Assert.Equal(("b", new Filtered("exposure", 1, [Sample.Item("a")])), (Assert.Single(decision.Slate).Item.Value, Assert.Single(decision.Filters)));
        var own = DecisionMaker.Decide(scenario, Context("own", 2) with { Own = [Sample.Item("a")] }, policy, catalogue, new Nothing());
        Assert.Equal("a", Assert.Single(own.Slate).Item.Value);

        // The block of before is forgotten with the next but one.
        learner.Learn(Shown(4, "d"));
        learner.Advance();
        learner.Learn(Shown(5, "d"));
        learner.Learn(Shown(6, "d"));
        learner.Advance();
        Assert.Equal([Sample.Item("d")], learner.Policy(0.5).Overexposed);
    }

    [Theory]
    [InlineData("category=2", 2, 1)]
    [InlineData("home:category=2,exposure=0.25", 2, 0.25)]
    public void Bounds_are_set_as_the_configuration_writes_them(string text, int category, double exposure)
    {
        var scenario = Assert.Single(new ScenarioSettings(null, null, null, text).Applied([new ScenarioOptions { Id = Sample.Home }]));
        Assert.Equal(new DiversityOptions { CategoryMax = category, ExposureMax = exposure }, scenario.Diversity);
        Assert.Equal(exposure < 1, scenario.Learner.ExposureSlates > 0);
    }

    [Theory]
    [InlineData("category=-1")]
    [InlineData("exposure=0")]
    [InlineData("colour=3")]
    public void Bounds_that_make_no_sense_are_refused(string text) => Assert.Throws<ArgumentException>(() => ScenarioSettings.ParseDiversity(text));

    private static DecisionContext Context(string request, int count)
        => new(DecisionId.For(Sample.Ann, Sample.Home, request), request, Sample.Noon, count, [], [], null, [0], [], null, null);

    private static Lesson Shown(long number, params string[] items) => Sample.Shown(number, number, [.. items.Select(item => (item, Sample.Features((0, 1))))]);

    private sealed class Nothing : IItemSpace
    {
        public string Version => "nothing";

        public int Width => 1;

        public IReadOnlyList<ItemId> Items => [];

        public ReadOnlySpan<float> VectorOf(ItemId item) => new float[1];

        public IReadOnlyList<ItemId> Nearest(ReadOnlySpan<float> state, int count) => [];
    }
}
