using AptRl.Actors.Hosting;
using AptRl.Model.Events;

namespace AptRl.Actors.Users;

/// <summary>A message for the one actor that owns <see cref="User"/>: the shard router reads nothing else.</summary>
public interface IForUser
{
    /// <summary>Whose actor gets it.</summary>
    UserId User { get; }
}

/// <summary>Take this interaction. Answered by <see cref="Observed"/>.</summary>
/// <param name="Interaction">The interaction.</param>
public sealed record Observe(Interaction Interaction) : IForUser
{
    /// <inheritdoc/>
    public UserId User => Interaction.User;

    /// <summary>Context of the trace that it belongs to, as W3C text; null where nobody traces.</summary>
    public string? Trace { get; init; }
}

/// <summary>Decide what to show. Answered by <see cref="Recommended"/>.</summary>
/// <param name="Request">The request; its scenario and bounds are checked already.</param>
public sealed record Recommend(RecommendRequest Request) : IForUser
{
    /// <inheritdoc/>
    public UserId User => Request.User;

    /// <summary>Context of the trace that it belongs to, as W3C text; null where nobody traces.</summary>
    public string? Trace { get; init; }
}

/// <summary>Find a remembered decision. Answered by <see cref="FoundDecision"/>.</summary>
/// <param name="Id">Which.</param>
public sealed record DecisionOf(DecisionId Id) : IForUser
{
    /// <inheritdoc/>
    public UserId User => Id.User;
}

/// <summary>The answer to <see cref="DecisionOf"/>.</summary>
/// <param name="View">The decision, or null.</param>
public sealed record FoundDecision(DecisionView? View);

/// <summary>Tell what is known of a user. Answered by <see cref="UserView"/>.</summary>
/// <param name="User">Whom.</param>
public sealed record UserOf(UserId User) : IForUser;

/// <summary>Delete everything of a user. Answered by <see cref="Deleted"/>.</summary>
/// <param name="User">Whom.</param>
/// <param name="Through">Only where the user's newest fact has this number, so that nobody is deleted who has just come back; null in any case.</param>
public sealed record Delete(UserId User, long? Through = null) : IForUser;

/// <summary>The answer to <see cref="Delete"/>.</summary>
/// <param name="WasKnown">Whether there was anything to delete, and it was deleted.</param>
public sealed record Deleted(bool WasKnown);

/// <summary>Settle what can be settled and stop: what the shard sends to an idle or moving user.</summary>
public sealed record Retire
{
    /// <summary>The only one.</summary>
    public static Retire Instance { get; } = new();
}
