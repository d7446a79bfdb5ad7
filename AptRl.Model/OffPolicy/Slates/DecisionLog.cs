using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Windows;

namespace AptRl.Model.OffPolicy.Slates;

/// <summary>Decisions and the rewards they earned, gathered from the facts of users' journals: our own log.</summary>
/// <remarks>
/// A reward is joined as it was when its event was accepted; a position has a reward of a type where more of it was earned than
/// taken back. Touches are counted too, so that it is known how popular each candidate was when a decision was made.
/// </remarks>
/// <param name="countMax">Decisions at most; the oldest are forgotten with their rewards. Touches are 8 bytes each and all kept.</param>
public sealed class DecisionLog(int countMax)
{
    private readonly Queue<Decision> _decisions = [];
    private readonly Dictionary<DecisionId, List<JoinedReward>> _rewards = [];
    private readonly Dictionary<ItemId, List<long>> _touches = [];

    /// <summary>Decisions, oldest fact first.</summary>
    public IReadOnlyCollection<Decision> Decisions => _decisions;

    /// <summary>Takes one fact.</summary>
    public void Apply(IUserFact fact)
    {
        switch (fact)
        {
            case DecisionMade made:
                _decisions.Enqueue(made.Decision);
                _rewards[made.Decision.Id] = [];
                if (_decisions.Count > countMax)
                {
                    _rewards.Remove(_decisions.Dequeue().Id);
                }

                break;
            case InteractionAccepted accepted:
                foreach (var reward in accepted.Rewards)
                {
                    if (_rewards.TryGetValue(reward.Decision, out var earned))
                    {
                        earned.Add(reward);
                    }
                }

                foreach (var item in accepted.Interaction.Items)
                {
                    if (!_touches.TryGetValue(item, out var times))
                    {
                        _touches[item] = times = [];
                    }

                    times.Add(accepted.Interaction.At.UtcTicks);
                }

                break;
        }
    }

    /// <summary>Whether a position earned a reward of a type: 1 or 0.</summary>
    public double RewardOf(Decision decision, int position, RewardType type)
        => _rewards[decision.Id].Where(reward => reward.Position == position && reward.Type == type).Sum(reward => reward.Amount) > 0 ? 1 : 0;

    /// <summary>Mean reward of a slate for each policy that decided, as it happened: holdouts are compared without any weighing.</summary>
    /// <param name="scenario">The place in the shop.</param>
    /// <param name="type">Which reward.</param>
    /// <param name="positions">Positions that count, from the top.</param>
    public IReadOnlyList<(string Policy, int Decisions, double Mean)> ByPolicy(ScenarioId scenario, RewardType type, int positions)
        => [.. _decisions.Where(decision => decision.Scenario == scenario && decision.Slate.Length > 0)
            .GroupBy(decision => decision.Policy, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => (group.Key, group.Count(), group.Average(decision => Earned(decision, type, positions))))];

    /// <summary>What the learning policy showed, ready to be weighed. A decision that showed nothing is left out.</summary>
    /// <remarks>
    /// A candidate is described by its score, how far that is below the best, its rank, its touches in the week before (in
    /// logarithms) and 1. The features that the learner saw are journalled for what was shown only, so they cannot be used.
    /// </remarks>
    /// <param name="scenario">The place in the shop.</param>
    /// <param name="type">Which reward is counted.</param>
    /// <param name="positions">Positions that count, from the top.</param>
    public IReadOnlyList<LoggedSlate> Slates(ScenarioId scenario, RewardType type, int positions)
    {
        foreach (var times in _touches.Values)
        {
            times.Sort();
        }

        var users = new Dictionary<UserId, int>();
        var slates = new List<LoggedSlate>();
        foreach (var decision in _decisions.Where(decision => decision.Scenario == scenario && decision.Policy == Decision.Learned && decision.Slate.Length > 0))
        {
            if (!users.TryGetValue(decision.User, out var cluster))
            {
                users[decision.User] = cluster = users.Count;
            }

            slates.Add(SlateOf(decision, cluster, type).Cut(positions));
        }

        return slates;
    }

    private LoggedSlate SlateOf(Decision decision, int cluster, RewardType type)
    {
        var rank = decision.Candidates.Select((candidate, place) => (candidate.Item, place)).ToDictionary(pair => pair.Item, pair => pair.place);
        var popularity = decision.Candidates.Select(candidate => TouchesBefore(candidate.Item, decision.At)).ToArray();
        var best = decision.Candidates[0].Score;
        return new LoggedSlate(
            cluster,
            [1, MathF.Log(1 + decision.Candidates.Length)],
            [.. decision.Candidates.Select((candidate, place) => new[]
            {
                candidate.Score, best - candidate.Score, 1f / (1 + place), MathF.Log(1 + popularity[place]) / 4, 1,
            })],
            [.. decision.Candidates.Select(candidate => candidate.Score)],
            decision.Gamma,
            popularity,
            [.. decision.Slate.Select((shown, position) => new LoggedPlace(rank[shown.Item], shown.Propensity, RewardOf(decision, position, type)))])
        {
            Decision = decision.Id,
            Groups = decision.Groups,
            GroupMax = decision.GroupMax,
        };
    }

    private int TouchesBefore(ItemId item, DateTimeOffset at)
    {
        if (!_touches.TryGetValue(item, out var times))
        {
            return 0;
        }

        return Below(times, at.UtcTicks) - Below(times, at.UtcTicks - TimeSpan.TicksPerDay * 7);
    }

    // How many are not above.
    private static int Below(List<long> sorted, long ticks)
    {
        var (low, high) = (0, sorted.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = sorted[middle] <= ticks ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private double Earned(Decision decision, RewardType type, int positions)
        => Enumerable.Range(0, Math.Min(positions, decision.Slate.Length)).Sum(position => RewardOf(decision, position, type));
}
