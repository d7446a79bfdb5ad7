namespace AptRl.Actors.Agents;

/// <summary>How a learner journals and publishes.</summary>
public sealed record LearnerBatching
{
    /// <summary>Lessons in one journal entry at most. Default 512.</summary>
    public int SizeMax { get; init; } = 512;

    /// <summary>How long a lesson may wait for others, in steps of the scheduler's 10 ms; one with a reward, for which an answer waits, does not. Default 20 ms.</summary>
    public TimeSpan AgeMax { get; init; } = TimeSpan.FromMilliseconds(20);

    /// <summary>Lessons that may wait; beyond it a user's are not taken, and the user sends them again. Default 20,000.</summary>
    public int WaitingMax { get; init; } = 20_000;

    /// <summary>How often what was learned goes into force at most; a reward goes at once where the last publication is that long ago. Zero leaves it to <see cref="Publish"/>. Default 50 ms, so that a reward is in force for others within 100.</summary>
    public TimeSpan PublishEvery { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>
    /// How long a user who has settled everything is remembered at least; then the next entry forgets. Default 1 minute: what nodes
    /// that were cut off, or took over from them, do not know of has been sent again by then.
    /// </summary>
    public TimeSpan ForgetAfter { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Journal entries between snapshots. Default 2,000.</summary>
    public int SnapshotEvery { get; init; } = 2_000;
}
