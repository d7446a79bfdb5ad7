using System.Collections.Immutable;

namespace AptRl.Model.Events;

/// <summary>One user did one thing at one moment: what enters AptRl.</summary>
/// <remarks>
/// Equal by <see cref="Id"/> and <see cref="User"/> only: an event is what its id says it is, and a repeat under the
/// same id changes nothing whatever else it carries.
/// </remarks>
public sealed class Interaction : IEquatable<Interaction>
{
    /// <summary>Items that one event may name at most.</summary>
    public const int ItemsMax = 200;

    /// <summary>Checks and takes one event.</summary>
    /// <exception cref="ArgumentException">A kind that needs an item has none, there are too many items, or the value is not finite.</exception>
    public Interaction(
        EventId id,
        UserId user,
        InteractionKind kind,
        DateTimeOffset at,
        ImmutableArray<ItemId> items,
        string? session = null,
        double? value = null,
        string? recommendationId = null,
        int? position = null,
        string? query = null)
    {
        if (!Enum.IsDefined(kind))
        {
            throw new ArgumentException($"kind {(int)kind} is not one of ours", nameof(kind));
        }

        items = items.IsDefault ? [] : items;
        if (items.Length == 0 && NeedsItem(kind))
        {
            throw new ArgumentException($"a {kind} event names no item: send items", nameof(items));
        }

        if (items.Length > ItemsMax)
        {
            throw new ArgumentException($"{items.Length} items in one event, at most {ItemsMax} are allowed: send several events", nameof(items));
        }

        if (value is { } number && !double.IsFinite(number))
        {
            throw new ArgumentException($"value {number} is not a finite number", nameof(value));
        }

        (Id, User, Kind, At, Items) = (id, user, kind, at.ToUniversalTime(), items);
        (Session, Value, RecommendationId, Position, Query) = (session, value, recommendationId, position, query);
    }

    /// <summary>Unique per user; tells a repeat from a second event.</summary>
    public EventId Id { get; }

    /// <summary>Who.</summary>
    public UserId User { get; }

    /// <summary>Did what.</summary>
    public InteractionKind Kind { get; }

    /// <summary>When, by the source's clock, in UTC: the only time that windows know.</summary>
    public DateTimeOffset At { get; }

    /// <summary>To what; may be empty for a search, a checkout or a session end.</summary>
    public ImmutableArray<ItemId> Items { get; }

    /// <summary>The shop's own session id, where it has one; otherwise sessions are cut by gap.</summary>
    public string? Session { get; }

    /// <summary>Money of a purchase or refund, stars of a review; finite.</summary>
    public double? Value { get; }

    /// <summary>The decision that showed the item, where the shop passes it on.</summary>
    public string? RecommendationId { get; }

    /// <summary>The position, from 0, at which it was shown.</summary>
    public int? Position { get; }

    /// <summary>What was searched for.</summary>
    public string? Query { get; }

    /// <summary>Whether an event of this kind means nothing without an item.</summary>
    public static bool NeedsItem(InteractionKind kind)
        => kind is not (InteractionKind.Search or InteractionKind.SessionEnd or InteractionKind.BeginCheckout or InteractionKind.Purchase or InteractionKind.Refund);

    /// <inheritdoc/>
    public bool Equals(Interaction? other) => other is not null && Id == other.Id && User == other.User;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Interaction);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Id, User);
}
