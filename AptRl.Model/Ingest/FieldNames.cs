using System.Collections.Frozen;

namespace AptRl.Model.Ingest;

/// <summary>What an event is made of, whatever the source calls it.</summary>
internal enum Field
{
    Id,
    Type,
    Event,
    Time,
    User,
    Item,
    Session,
    Value,
    Recommendation,
    Position,
    Query,
}

/// <summary>The names that sources use for our fields, the one that counts most first.</summary>
internal static class FieldNames
{
    public static readonly int Count = Enum.GetValues<Field>().Length;

    // Plain names (PlainName): userId, user_id and USER-ID are all "userid".
    private static readonly (Field Field, string[] Names)[] Vocabulary =
    [
        (Field.Id, ["id", "eventid", "messageid", "insertid"]),
        (Field.Type, ["type", "eventtype", "kind", "interaction"]),
        (Field.Event, ["event", "eventname", "action", "behavior", "behaviour"]),
        (Field.Time, ["time", "timestamp", "eventtime", "at", "ts", "datetime", "occurredat", "originaltimestamp", "unixseconds", "unixtime", "eventtimestamp", "timestampmicros"]),
        (Field.User, ["userid", "user", "visitorid", "visitor", "customerid", "uid", "anonymousid", "userpseudoid", "clientid", "deviceid"]),
        (Field.Item, ["items", "itemids", "itemid", "item", "products", "productids", "productid", "product", "sku", "contentid", "articleid"]),
        (Field.Session, ["sessionid", "session", "gasessionid", "usersession"]),
        (Field.Value, ["value", "revenue", "total", "amount", "rating", "stars"]),
        (Field.Recommendation, ["recommendationid", "decisionid"]),
        (Field.Position, ["position"]),
        (Field.Query, ["query", "searchterm", "searchquery", "q"]),
    ];

    private static readonly FrozenDictionary<string, (Field Field, int Rank)> ByName = Vocabulary
        .SelectMany(entry => entry.Names.Select((name, rank) => KeyValuePair.Create(name, (entry.Field, rank))))
        .ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, (Field Field, int Rank)>.AlternateLookup<ReadOnlySpan<char>> BySpan = ByName.GetAlternateLookup<ReadOnlySpan<char>>();

    public static bool TryFind(ReadOnlySpan<char> name, out Field field, out int rank)
    {
        Span<char> plain = stackalloc char[PlainName.LengthMax];
        var known = BySpan.TryGetValue(PlainName.Write(name, plain), out var found);
        (field, rank) = found;
        return known;
    }
}
