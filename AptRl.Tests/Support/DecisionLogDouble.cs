using AptRl.Actors.Hosting;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.OffPolicy.Slates;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Tests.Support;

/// <summary>A log of 400 decisions in scenario home, drawn uniformly from three items of which the best scored is clicked by every second.</summary>
internal sealed class DecisionLogDouble : IDecisionLogs
{
    public Task<DecisionLog> ReadAsync(int countMax, CancellationToken cancellation)
    {
        var log = new DecisionLog(countMax);
        for (var i = 0; i < 400; i++)
        {
            var user = new UserId($"u{i}");
            var id = DecisionId.For(user, Sample.Home, "r");
            var drawn = SlateDraw.Draw([0.3f, 0.2f, 0.1f], 0, 1, new Chance((ulong)i))[0];
            var item = "abc"[drawn.Candidate].ToString();
            log.Apply(new DecisionMade(new Decision(
                id, user, Sample.Home, "r", Sample.Noon, null, Decision.Learned, 1, "m", 0,
                [new Shown(new ItemId(item), 0, drawn.Propensity, drawn.Explored, Sample.Features())],
                [new(new ItemId("a"), 0.3f), new(new ItemId("b"), 0.2f), new(new ItemId("c"), 0.1f)], [])));
            if (item == "a" && i % 2 == 0)
            {
                log.Apply(new InteractionAccepted(Sample.At(1, $"e{i}", "a"), [], [new JoinedReward(id, 0, RewardType.Click, FeatureVector.One)]));
            }
        }

        return Task.FromResult(log);
    }
}
