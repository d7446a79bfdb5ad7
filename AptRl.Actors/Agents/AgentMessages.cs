using System.Collections.Immutable;
using AptRl.Actors.Clustering;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;

namespace AptRl.Actors.Agents;

/// <summary>Decide. Answered by <see cref="Decided"/>.</summary>
/// <param name="Context">The request and what is known of its user.</param>
public sealed record Decide(DecisionContext Context) : IWithinNode
{
    /// <summary>Context of the trace that it belongs to, as W3C text; null where nobody traces.</summary>
    public string? Trace { get; init; }
}

/// <summary>A decision, not yet durable: its user makes it so.</summary>
/// <param name="Decision">The decision.</param>
public sealed record Decided(Decision Decision) : IWithinNode;

/// <summary>From now on decide by this policy.</summary>
/// <param name="Policy">The policy.</param>
public sealed record PolicyPublished(LinearPolicy Policy) : IWithinNode;

/// <summary>From now on choose from this catalogue.</summary>
/// <param name="Catalogue">The catalogue.</param>
public sealed record CatalogueChanged(Catalogue Catalogue) : IWithinNode;

/// <summary>Learn these lessons of a user. Answered by <see cref="Taken"/> when they are durable.</summary>
/// <param name="User">Whose.</param>
/// <param name="Settled">Highest number that the user has settled: where a learner that has forgotten the user goes on.</param>
/// <param name="Lessons">In order of their numbers.</param>
public sealed record Teach(UserId User, long Settled, ImmutableArray<Lesson> Lessons)
{
    /// <summary>Context of the trace that it belongs to, as W3C text; null where nobody traces.</summary>
    public string? Trace { get; init; }
}

/// <summary>All lessons of a user up to a number are durable.</summary>
/// <param name="Scenario">Whose learner says so.</param>
/// <param name="Through">The number.</param>
public sealed record Taken(ScenarioId Scenario, long Through);

/// <summary>A user has durably settled everything up to a number: its number need not be remembered while it stands there.</summary>
/// <param name="User">Whose.</param>
/// <param name="Through">The number; <see cref="long.MaxValue"/> forgets in any case, when the user is deleted.</param>
public sealed record Forget(UserId User, long Through);

/// <summary>A user deleted from the shop is durably forgotten.</summary>
/// <param name="Scenario">By whose learner.</param>
public sealed record Forgotten(ScenarioId Scenario);

/// <summary>Publish all that was taught so far. Answered by <see cref="Published"/> when every agent of the learner's node decides by it; in a cluster, when it is durable.</summary>
public sealed record Publish
{
    /// <summary>The only one.</summary>
    public static Publish Now { get; } = new();
}

/// <summary>A policy is in force.</summary>
/// <param name="Version">Its number.</param>
public sealed record Published(long Version);

/// <summary>Tell what was learned. Answered by <see cref="LearnerView"/>.</summary>
public sealed record LearnerStatus
{
    /// <summary>The only one.</summary>
    public static LearnerStatus Ask { get; } = new();
}

/// <summary>What a learner has learned, as of its last publication.</summary>
/// <param name="Version">Policies published.</param>
/// <param name="Decisions">Decisions learned from.</param>
/// <param name="Rewards">Rewards learned from.</param>
/// <param name="Lessons">Lessons taken.</param>
/// <param name="Updates">Batches journalled.</param>
/// <param name="Hash">Hash of everything learned.</param>
/// <param name="Encoder">Version of the encoder that the regression is of; null where none has ever taken over.</param>
public sealed record LearnerView(long Version, long Decisions, long Rewards, long Lessons, long Updates, string Hash, string? Encoder)
{
    /// <summary>What this fold of a learner's journal has learned.</summary>
    public static LearnerView Of(LearnerJournal journal)
    {
        var image = journal.Learner.Image();
        return new LearnerView(image.Version, image.Decisions, image.Rewards, image.Lessons, journal.Updates, image.Hash(), image.Encoder);
    }
}

/// <summary>Let an encoder take over. Answered by <see cref="TookOver"/> when that is durable and in force.</summary>
/// <param name="Fact">The fact that it is.</param>
public sealed record TakeOver(EncoderTookOver Fact) : IWithinNode;

/// <summary>An encoder has taken over.</summary>
/// <param name="Version">Number of the policy that is in force with it.</param>
public sealed record TookOver(long Version) : IWithinNode;
