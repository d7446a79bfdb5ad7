namespace AptRl.Actors.Users;

/// <summary>How user actors live.</summary>
public sealed record UserOptions
{
    /// <summary>A user without messages for this long leaves memory. Default 2 minutes.</summary>
    public TimeSpan IdleMax { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A user of whom nothing was written for this long is deleted, as by <see cref="Hosting.IPersonalizer.DeleteAsync"/>: what the policy
    /// learned stays. At least <see cref="RetentionMin"/>. Default null: users are kept.
    /// </summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>The shortest <see cref="Retention"/>, one day: longer than any reward is waited for.</summary>
    public static TimeSpan RetentionMin { get; } = TimeSpan.FromDays(1);

    /// <summary>Facts between snapshots of a user. Default 200.</summary>
    public int SnapshotEvery { get; init; } = 200;

    /// <summary>Requests of one user that may be under way; a further one is Busy. Default 16.</summary>
    public int DecidingMax { get; init; } = 16;

    /// <summary>How long encoder and agent may take before a request is answered Busy. Default 5 s.</summary>
    public TimeSpan DecideTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a learner may take before its lessons are sent again. Default 3 s.</summary>
    public TimeSpan TeachAgain { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Answers to events that may wait for a learner, and repeats of one request that may wait for its decision; a further one is Busy. Default 256.</summary>
    public int AnswersMax { get; init; } = 256;
}
