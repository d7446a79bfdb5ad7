using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Persistence;
using AptRl.Actors.Users;
using AptRl.Host.Hosting;

namespace AptRl.Host.Replay;

/// <summary>What the live actors hold: users asked one by one, learners asked what they learned.</summary>
internal static class LiveState
{
    private const int AskedAtOnce = 32;

    /// <summary>Asks them all. Users at rest are woken for it.</summary>
    public static async Task<RebuiltState> ReadAsync(EmbeddedAptRl aptRl)
    {
        var (users, accepted, rewards, decisions, hash) = await PersistenceQuery.Get(aptRl.System)
            .ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier)
            .CurrentPersistenceIds()
            .Where(UserActor.IsOfUser)
            .SelectAsyncUnordered(AskedAtOnce, id => aptRl.Personalizer.UserAsync(UserActor.UserOf(id), CancellationToken.None))
            .RunAggregate(
                (Users: 0L, Accepted: 0L, Rewards: 0L, Decisions: 0L, Hash: UInt128.Zero),
                (sum, user) => user is null ? sum : (
                    sum.Users + 1, sum.Accepted + user.Accepted, sum.Rewards + user.RewardsJoined, sum.Decisions + user.DecisionCount,
                    unchecked(sum.Hash + UInt128.Parse(user.WindowHash, System.Globalization.NumberStyles.AllowHexSpecifier, null))),
                aptRl.System.Materializer());
        var scenarios = await aptRl.Personalizer.ScenariosAsync(CancellationToken.None);
        return new RebuiltState(
            users, accepted, rewards, decisions, RebuiltState.WindowsHashOf(hash),
            RebuiltState.PolicyHashOf(scenarios.Select(scenario => (scenario.Id, scenario.PolicyHash))),
            scenarios.Sum(scenario => scenario.Lessons));
    }
}
