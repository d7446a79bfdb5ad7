using Akka;
using Akka.Streams.Dsl;
using AptRl.Model.Events;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Actors.Hosting;

/// <summary>All that a shop asks of AptRl, in process. HTTP, replay and the demo use this and nothing else.</summary>
/// <remarks>Every answer comes after what it says is durable. A call that meets a bound answers Busy; none of them queues without bound.</remarks>
public interface IPersonalizer
{
    /// <summary>The places in the shop that are configured, with what each has learned.</summary>
    Task<IReadOnlyList<ScenarioView>> ScenariosAsync(CancellationToken cancellation);

    /// <summary>Takes one event.</summary>
    Task<Observed> ObserveAsync(Interaction interaction, CancellationToken cancellation);

    /// <summary>Asks for a slate.</summary>
    Task<Recommended> RecommendAsync(RecommendRequest request, CancellationToken cancellation);

    /// <summary>A decision that is still remembered, with the rewards it earned; null where it is not.</summary>
    Task<DecisionView?> FindAsync(DecisionId id, CancellationToken cancellation);

    /// <summary>What is known of a user; null for a stranger.</summary>
    Task<UserView?> UserAsync(UserId user, CancellationToken cancellation);

    /// <summary>Everything the journal holds of a user, oldest first.</summary>
    Source<UserFact, NotUsed> Export(UserId user);

    /// <summary>Deletes a user's journal, snapshots and window. What the policy learned from them stays, as sums without a name.</summary>
    /// <returns>False where nothing was known of the user.</returns>
    Task<bool> DeleteAsync(UserId user, CancellationToken cancellation);

    /// <summary>Adds or replaces items of the catalogue; durable when answered.</summary>
    /// <exception cref="Persistence.JournalAwayException">They were not taken: send them again in a second.</exception>
    Task UpsertAsync(IReadOnlyList<Item> items, CancellationToken cancellation);

    /// <summary>An item of the catalogue; null where it is not in it.</summary>
    Task<Item?> ItemAsync(ItemId item, CancellationToken cancellation);

    /// <summary>
    /// Decisions as they are made. A consumer that falls behind by more than <paramref name="buffer"/> misses the
    /// oldest; what it missed is counted and stalls nobody.
    /// </summary>
    Source<Decision, NotUsed> Decisions(int buffer);

    /// <summary>Decisions and the rewards that come of them, each decision before its rewards, to the same terms as <see cref="Decisions"/>.</summary>
    Source<DecisionOutcome, NotUsed> Outcomes(int buffer);

    /// <summary>Publishes what every learner knows by now, so that all later decisions use it. Answered when it is in force.</summary>
    Task PublishAsync(CancellationToken cancellation);
}

/// <summary>A scenario as an operator sees it.</summary>
/// <param name="Id">Which.</param>
/// <param name="Kind"><c>items</c> or <c>arms</c>.</param>
/// <param name="CountMax">Longest slate.</param>
/// <param name="PolicyVersion">Version that decides now.</param>
/// <param name="ModelVersion">Encoder that makes the states.</param>
/// <param name="Decisions">Decisions the learner has taken in.</param>
/// <param name="Rewards">Rewards the learner has taken in.</param>
/// <param name="Lessons">Updates of the policy: touches, showings and rewards of one fact each.</param>
/// <param name="Updates">Journal entries that these came in.</param>
/// <param name="PolicyHash">Hash of the learner's parameters, in hexadecimal.</param>
public sealed record ScenarioView(
    ScenarioId Id, string Kind, int CountMax, long PolicyVersion, string ModelVersion, long Decisions, long Rewards, long Lessons, long Updates, string PolicyHash)
{
    /// <summary>How it learns, explores and rewards.</summary>
    public ScenarioOptions? Options { get; init; }

    /// <summary>How long ago this node last knew itself level with the policy's writer; null where it is no replica that decides.</summary>
    public TimeSpan? PolicyAge { get; init; }

    /// <summary>Whether that is beyond <see cref="Clustering.NodeOptions.PolicyAgeMax"/>.</summary>
    public bool IsStale { get; init; }
}

/// <summary>A reward that a decision earned.</summary>
/// <param name="Position">Position in the slate, from 0.</param>
/// <param name="Type">Click, cart, …</param>
/// <param name="By">The event that earned it.</param>
/// <param name="Amount">+1, or -1 where it was taken back.</param>
public sealed record EarnedReward(int Position, Model.Learning.RewardType Type, EventId By, int Amount);

/// <summary>A decision earned a reward just now.</summary>
/// <param name="Decision">Which decision.</param>
/// <param name="Position">Position in its slate, from 0.</param>
/// <param name="Type">Click, cart, …</param>
/// <param name="Amount">How much of it; negative where it was taken back.</param>
public sealed record DecisionRewarded(DecisionId Decision, int Position, Model.Learning.RewardType Type, double Amount);

/// <summary>A decision was made, or one earned a reward: one of the two.</summary>
/// <param name="Decision">The decision that was made.</param>
/// <param name="Rewarded">The reward that was joined.</param>
public sealed record DecisionOutcome(Decision? Decision, DecisionRewarded? Rewarded);

/// <summary>A decision with what came of it.</summary>
/// <param name="Decision">The decision.</param>
/// <param name="Rewards">What it earned so far.</param>
public sealed record DecisionView(Decision Decision, IReadOnlyList<EarnedReward> Rewards);

/// <summary>What is known of a user.</summary>
/// <param name="User">Who.</param>
/// <param name="Window">The window the encoder sees, oldest first.</param>
/// <param name="Sessions">Sessions so far.</param>
/// <param name="Accepted">Events accepted so far.</param>
/// <param name="Late">Late events so far, since the last restart.</param>
/// <param name="RewardsJoined">Rewards joined to decisions so far.</param>
/// <param name="DecisionCount">Decisions so far.</param>
/// <param name="RecentDecisions">Ids of the decisions still remembered, oldest first.</param>
/// <param name="WindowHash">Hash of the window, in hexadecimal.</param>
public sealed record UserView(
    UserId User, IReadOnlyList<Touch> Window, long Sessions, long Accepted, long Late, long RewardsJoined, long DecisionCount,
    IReadOnlyList<DecisionId> RecentDecisions, string WindowHash);

/// <summary>One fact of a user's journal.</summary>
/// <param name="Sequence">Its number in the journal, from 1.</param>
/// <param name="Interaction">The event that was accepted; null where the fact is a decision.</param>
/// <param name="Decision">The decision that was made; null where the fact is an event.</param>
public sealed record UserFact(long Sequence, Interaction? Interaction, Decision? Decision);
