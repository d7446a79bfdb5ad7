using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Event;
using AptRl.Actors.Clustering;
using AptRl.Actors.Inspection;
using AptRl.Actors.Telemetry;

namespace AptRl.Actors.Users;

/// <summary>Deletes users of whom nothing was written for as long as <see cref="UserOptions.Retention"/>.</summary>
/// <remarks>
/// One of a cluster's nodes does it, the leader. A pass looks at <see cref="RowsPerPass"/> rows of the journal and deletes one user
/// after another, so that it takes little from those who are served. Who comes back in that moment is not deleted: a deletion names
/// the number of the newest fact that it knows of. A clock that jumps ahead while this runs deletes nobody: see <see cref="SteadyClock"/>.
/// </remarks>
public sealed class RetentionActor : ReceiveActor, IWithTimers
{
    /// <summary>Rows of the journal that a pass looks at.</summary>
    public const int RowsPerPass = 2_000;

    private static readonly TimeSpan Every = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Next = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ILoggingAdapter _log = Context.GetLogger();

    /// <summary>Begins with its first pass a minute from now.</summary>
    /// <param name="retention">How long a user is kept of whom nothing is written.</param>
    /// <param name="clock">Tells what is long ago, and waits.</param>
    public RetentionActor(TimeSpan retention, TimeProvider clock)
    {
        var (system, quiet, steady) = (Context.System, new QuietUsers(Context.System), new SteadyClock(clock));
        Receive<Pass>(_ => Begin());
        Receive<Passed>(passed =>
        {
            if (passed.Deleted > 0)
            {
                Meters.Retired(passed.Deleted);
                _log.Info("{0} users of whom nothing was written for {1} were deleted", passed.Deleted, retention);
            }

            if (passed.Fault is { } fault)
            {
                _log.Warning(fault, "users of whom nothing was written for {0} were not deleted; tried again in {1}", retention, Every);
            }

            Timers!.StartSingleTimer(Pass.Now, Pass.Now, passed.HasMore ? Next : Every);
        });

        void Begin()
        {
            if (Cluster.Get(system).State.Leader == Cluster.Get(system).SelfAddress)
            {
                _ = OnceAsync(system, quiet, steady.GetUtcNow() - retention, clock)
                    .PipeTo(Self, success: done => new Passed(done.Deleted, done.HasMore, null), failure: fault => new Passed(0, false, fault));
            }
            else
            {
                Timers!.StartSingleTimer(Pass.Now, Pass.Now, Every);
            }
        }
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>One pass.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="quiet">Where it has come to.</param>
    /// <param name="before">Users of whom nothing was written from this moment on.</param>
    /// <param name="clock">Waits for answers.</param>
    /// <returns>How many were deleted, and whether there is more to look at.</returns>
    public static async Task<(int Deleted, bool HasMore)> OnceAsync(ActorSystem system, QuietUsers quiet, DateTimeOffset before, TimeProvider clock)
    {
        var (found, hasMore) = await Task.Run(() => quiet.Next(before, RowsPerPass)).ConfigureAwait(false);
        var (region, deleted) = (ClusterSharding.Get(system).ShardRegion("user"), 0);
        foreach (var (user, newest) in found)
        {
            var answer = await region.AskAgainAsync<Deleted>(new Delete(user, newest), Patience, clock, CancellationToken.None).ConfigureAwait(false);
            deleted += answer.WasKnown ? 1 : 0;
        }

        return (deleted, hasMore);
    }

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartSingleTimer(Pass.Now, Pass.Now, Every);

    private sealed record Pass : INoSerializationVerificationNeeded
    {
        public static readonly Pass Now = new();
    }

    private sealed record Passed(int Deleted, bool HasMore, Exception? Fault) : INoSerializationVerificationNeeded;
}
