using System.Buffers.Text;

namespace AptRl.Model.Events;

/// <summary>Names a decision; it tells whose it is, so that an audit finds the user who holds it.</summary>
/// <remarks>
/// Text: base64url of the user id, a dot, and 16 hexadecimal digits hashed from scenario and request id. It is derived,
/// not drawn: the same request of the same user has the same id wherever and whenever it is decided.
/// Whoever may not see the user id may not see this either.
/// </remarks>
public readonly record struct DecisionId
{
    private DecisionId(UserId user, string value) => (User, Value) = (user, value);

    /// <summary>Whose decision it is.</summary>
    public UserId User { get; }

    /// <summary>The id as the caller sees it.</summary>
    public string Value { get; }

    /// <summary>The key of the counter-based generator that draws this decision.</summary>
    public ulong Key => StableHash.Of(Value);

    /// <summary>The id of the decision that answers this request.</summary>
    public static DecisionId For(UserId user, ScenarioId scenario, string requestId)
        => new(user, $"{Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(user.Value))}.{StableHash.Of($"{scenario}\n{requestId}"):x16}");

    /// <summary>Reads an id that a caller sent; false where it is not one of ours.</summary>
    public static bool TryParse(string? text, out DecisionId id)
    {
        id = default;
        if (text is null || text.Length < 18 || text.Length > 4 * Identifier.LengthMax + 17 || text[^17] != '.'
            || !Base64Url.IsValid(text.AsSpan(0, text.Length - 17))
            || !ulong.TryParse(text.AsSpan(text.Length - 16), System.Globalization.NumberStyles.AllowHexSpecifier, null, out _))
        {
            return false;
        }

        var user = System.Text.Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text.AsSpan(0, text.Length - 17)));
        if (Identifier.Fault(user, "user id") is not null)
        {
            return false;
        }

        id = new DecisionId(new UserId(user), text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => Value;
}
