using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Pretraining;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Model.Pretraining;

[Collection("Torch")]
public sealed class NextItemPriorTests
{
    [Fact]
    public void A_prior_weighs_its_rows_at_first_half_after_as_many_were_shown_and_leaves_the_sums_alone()
    {
        var features = Sample.Features((0, 1));
        var rows = new RidgeStatistics();
        rows.AddShown(features);
        rows.AddReward(features, RewardType.Click, FeatureVector.One);

        // One row of the log weighs N = 2; a click is worth 0.2, λ = 10: θ = 0.2 · 2/(2 + 10).
        var learner = new Learner(new LearnerOptions { Prior = new RidgePrior(rows, 2) });
        Assert.Equal(0.4f / 12, learner.Policy().Parameters[0], 7);
        Assert.Equal(2, learner.Policy().Rows);

        // After two rows shown it weighs 2 · 2/(2 + 2) = 1: θ = 0.2 · 1/(1 + 2 + 10).
        var plain = new Learner(new LearnerOptions());
        foreach (var taught in (Learner[])[learner, plain])
        {
            taught.Learn(Sample.Shown(1, 0, ("a", features), ("b", features)));
            taught.Advance();
        }

        Assert.Equal(0.2f / 13, learner.Policy().Parameters[0], 7);
        Assert.Equal(0, plain.Policy().Parameters[0]);
        Assert.Equal(plain.Image().Hash(), learner.Image().Hash());
    }

    [Fact]
    public void From_a_log_of_pairs_a_learner_that_was_shown_nothing_puts_first_what_comes_next()
    {
        using var model = Fitted();
        var prior = new NextItemPrior(model, new ScenarioOptions { Id = Sample.Home }, Catalogue.Empty, every: 1);
        Pairs(prior.Hear);
        Assert.Equal((60, 60), ((int)prior.Questions, (int)prior.Answered));

        var learner = new Learner(new LearnerOptions { Prior = prior.Prior(500) });
        var number = 0;
        Pairs(interaction => learner.Learn(Sample.Touched(++number, 0, "any") with
        {
            Touched = [new TouchedItem(interaction.Items[0], null, interaction.Kind, interaction.At, (long)StableHash.Of(interaction.User.Value))],
        }));
        learner.Advance();
        var window = new AptRl.Model.Windows.Touch[] { new(new EventId("w"), Sample.Item("i2"), InteractionKind.ViewItem, Sample.Noon) };
        var context = new DecisionContext(
            DecisionId.For(Sample.Ann, Sample.Home, "r"), "r", Sample.Noon, 1, [.. Enumerable.Range(0, 6).Select(i => Sample.Item($"i{i}"))], [], null,
            model.Encode([[.. window]])[0], [.. window], null, null);
        var scenario = new ScenarioOptions { Id = Sample.Home, Exploration = SlateDraw.Greedy };
        Assert.Equal("i3", DecisionMaker.Decide(scenario, context, learner.Policy(), Catalogue.Empty, new ItemSpace(model)).Slate[0].Item.Value);
    }

    [Fact]
    public void An_encoder_keeps_its_prior_on_its_card_and_its_version_without_it()
    {
        var rows = new RidgeStatistics();
        rows.AddShown(Sample.Features((0, 1), (47, -2)));
        rows.AddReward(Sample.Features((0, 1)), RewardType.Click, FeatureVector.One);
        var folder = Directory.CreateTempSubdirectory("aptrl-prior-");
        try
        {
            using var model = Fitted();
            model.Save(Path.Combine(folder.FullName, "with"), new RidgePrior(rows, 7));
            using var read = EncoderModel.Load(Path.Combine(folder.FullName, "with"));
            Assert.Equal((model.Version, 7.0, 1L), (read.Version, read.Prior!.Rows, read.Prior.Statistics.Rows));
            Assert.Equal(rows.Gram.ToArray(), read.Prior.Statistics.Gram.ToArray());
            Assert.Equal(rows.Rewards.ToArray(), read.Prior.Statistics.Rewards.ToArray());
            read.Save(Path.Combine(folder.FullName, "again"));
            Assert.Equal(File.ReadAllBytes(Path.Combine(folder.FullName, "with.json")), File.ReadAllBytes(Path.Combine(folder.FullName, "again.json")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static EncoderModel Fitted()
        => EncoderModel.Fresh(new EncoderOptions { Width = 8, Layers = 1 }, [.. Enumerable.Range(0, 6).Select(i => Sample.Item($"i{i}"))], seed: 3);

    // Sixty users, each of whom sees i0 and then i1, or i2 and then i3, or i4 and then i5.
    private static void Pairs(Action<Interaction> hear)
    {
        for (var touch = 0; touch < 120; touch++)
        {
            var user = touch / 2;
            hear(new Interaction(
                new EventId($"{touch}"), new UserId($"u{user}"), InteractionKind.ViewItem, Sample.Noon.AddMinutes(touch), [Sample.Item($"i{user % 3 * 2 + touch % 2}")]));
        }
    }
}
