namespace AptRl.Model.Events;

/// <summary>Names one user; opaque to us.</summary>
public readonly record struct UserId
{
    /// <summary>Takes the shop's own name for the user.</summary>
    /// <exception cref="ArgumentException">The name is empty, longer than <see cref="Identifier.LengthMax"/>, or holds a control character.</exception>
    public UserId(string value) => Value = Identifier.Checked(value, "user id");

    /// <summary>The name as it was given.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names one thing that can be shown: a product, or an arm such as a layout.</summary>
public readonly record struct ItemId : IComparable<ItemId>
{
    /// <summary>Takes the shop's own name for the item.</summary>
    /// <exception cref="ArgumentException">The name is empty, longer than <see cref="Identifier.LengthMax"/>, or holds a control character.</exception>
    public ItemId(string value) => Value = Identifier.Checked(value, "item id");

    /// <summary>The name as it was given.</summary>
    public string Value { get; }

    /// <summary>Ordinal order of the names: how ties are broken everywhere, so that no result hangs on arrival order.</summary>
    public int CompareTo(ItemId other) => string.CompareOrdinal(Value, other.Value);

    /// <inheritdoc/>
    public override string ToString() => Value;

    /// <summary>Ordinal order of the names.</summary>
    public static bool operator <(ItemId left, ItemId right) => left.CompareTo(right) < 0;

    /// <summary>Ordinal order of the names.</summary>
    public static bool operator >(ItemId left, ItemId right) => left.CompareTo(right) > 0;

    /// <summary>Ordinal order of the names.</summary>
    public static bool operator <=(ItemId left, ItemId right) => left.CompareTo(right) <= 0;

    /// <summary>Ordinal order of the names.</summary>
    public static bool operator >=(ItemId left, ItemId right) => left.CompareTo(right) >= 0;
}

/// <summary>Names one event of one user, so that a source may send it twice and we count it once.</summary>
public readonly record struct EventId
{
    /// <summary>Takes the source's own id.</summary>
    /// <exception cref="ArgumentException">The id is empty, longer than <see cref="Identifier.LengthMax"/>, or holds a control character.</exception>
    public EventId(string value) => Value = Identifier.Checked(value, "event id");

    /// <summary>The id as it was given.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>Names a place in the shop that has its own action space, agent and policy.</summary>
public readonly record struct ScenarioId
{
    /// <summary>Takes a configured name, such as <c>home</c>.</summary>
    /// <exception cref="ArgumentException">The name is empty, longer than <see cref="Identifier.LengthMax"/>, or holds a control character.</exception>
    public ScenarioId(string value) => Value = Identifier.Checked(value, "scenario id");

    /// <summary>The name as it was given.</summary>
    public string Value { get; }

    /// <inheritdoc/>
    public override string ToString() => Value;
}

/// <summary>What every name must satisfy before it enters.</summary>
public static class Identifier
{
    /// <summary>Characters that a name may have at most: names are keys in journals, memories and metrics.</summary>
    public const int LengthMax = 256;

    /// <summary>Says what is wrong with a name, or null.</summary>
    public static string? Fault(string? value, string what)
        => string.IsNullOrWhiteSpace(value) ? $"{what} is empty: send a non-empty string"
            : value.Length > LengthMax ? $"{what} has {value.Length} characters, at most {LengthMax} are allowed: send a shorter id, or a hash of it"
            : value.Any(char.IsControl) ? $"{what} holds a control character: send printable text"
            : null;

    internal static string Checked(string? value, string what)
        => Fault(value, what) is { } fault ? throw new ArgumentException(fault, nameof(value)) : value!;
}
