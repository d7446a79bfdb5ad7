using System.Text.Json;

namespace AptRl.Model.Ingest;

/// <summary>Reads the fields of one event from JSON: plain, GA4's, Segment's, or CloudEvents 1.0.</summary>
/// <remarks>
/// CloudEvents are read here and not with CloudNative.CloudEvents because that library refuses a whole batch for one
/// bad event and reads through an object of its own; each event here is accepted or rejected for itself, in place.
/// </remarks>
internal static class JsonEventReader
{
    private const int DepthMax = 4;
    private const int RankPerDepth = 1_000;

    public static RawEvent Read(JsonElement root)
    {
        var raw = default(RawEvent);
        if (root.ValueKind is not JsonValueKind.Object)
        {
            raw.Fail(RejectCode.MalformedJson, $"a JSON {root.ValueKind} is not an event: send an object");
            return raw;
        }

        var fields = new Fields();
        if (root.TryGetProperty("specversion", out var version))
        {
            ReadCloudEvent(root, version, ref raw, fields);
        }
        else
        {
            Gather(root, 0, fields);
        }

        Fill(ref raw, fields);
        return raw;
    }

    private static void ReadCloudEvent(JsonElement root, JsonElement version, ref RawEvent raw, Fields fields)
    {
        Gather(root, 0, fields);
        if (version.ValueKind is not JsonValueKind.String || version.GetString() != "1.0")
        {
            raw.Fail(RejectCode.BadCloudEvent, $"CloudEvents specversion {Rejected.Cut(version.GetRawText(), 32)} is not supported: send \"1.0\"");
        }

        raw.Source = root.TryGetProperty("source", out var source) && source.ValueKind is JsonValueKind.String ? source.GetString() : null;
        if (string.IsNullOrEmpty(raw.Source) || fields[Field.Id].ValueKind is not JsonValueKind.String)
        {
            raw.Fail(RejectCode.BadCloudEvent, "a CloudEvent has a source and an id: send both as strings");
        }

        if (root.TryGetProperty("data_base64", out var encoded))
        {
            GatherEncoded(encoded, ref raw, fields);
        }
    }

    private static void GatherEncoded(JsonElement encoded, ref RawEvent raw, Fields fields)
    {
        try
        {
            if (encoded.ValueKind is JsonValueKind.String && encoded.TryGetBytesFromBase64(out var bytes))
            {
                using var document = JsonDocument.Parse(bytes);
                if (document.RootElement.ValueKind is JsonValueKind.Object)
                {
                    Gather(document.RootElement.Clone(), 1, fields);
                    return;
                }
            }
        }
        catch (JsonException)
        {
            // Falls through to the answer below, which covers every way of not being base64 JSON.
        }

        raw.Fail(RejectCode.BadCloudEvent, "data_base64 is not a JSON object in base64: send data instead");
    }

    private static void Gather(JsonElement element, int depth, Fields fields)
    {
        foreach (var property in element.EnumerateObject())
        {
            if (FieldNames.TryFind(property.Name, out var field, out var rank))
            {
                // Further down, "id" may name anything: the item, the order.
                if (depth == 0 || field is not Field.Id || rank > 0)
                {
                    fields.Offer(field, (depth * RankPerDepth) + rank, property.Value);
                }
            }
            else if (depth < DepthMax && property.Value.ValueKind is JsonValueKind.Object && property.Name is "data" or "properties" or "params" or "ecommerce")
            {
                Gather(property.Value, depth + 1, fields);
            }
        }
    }

    private static void Fill(ref RawEvent raw, Fields fields)
    {
        raw.Id = Text(fields[Field.Id], "the event id", ref raw);
        raw.Kind = Kind(fields);
        raw.Time = fields[Field.Time] switch
        {
            { ValueKind: JsonValueKind.String } text => text.GetString(),
            { ValueKind: JsonValueKind.Undefined } => null,
            var other => other.GetRawText(),
        };
        raw.User = Text(fields[Field.User], "the user id", ref raw);
        raw.Items = Items(fields[Field.Item], ref raw);
        raw.Session = Text(fields[Field.Session], "the session id", ref raw);
        raw.RecommendationId = Text(fields[Field.Recommendation], "the recommendation id", ref raw);
        raw.Query = fields[Field.Query] is { ValueKind: JsonValueKind.String } query ? query.GetString() : null;
        FillNumbers(ref raw, fields[Field.Value], fields[Field.Position]);
    }

    private static void FillNumbers(ref RawEvent raw, JsonElement value, JsonElement position)
    {
        if (value.ValueKind is JsonValueKind.Number && value.TryGetDouble(out var number))
        {
            raw.Value = number;
        }
        else if (value.ValueKind is not JsonValueKind.Undefined)
        {
            raw.Fail(RejectCode.BadValue, $"value {Rejected.Cut(value.GetRawText(), 32)} is not a JSON number: send a number, or leave it out");
        }

        if (position.ValueKind is JsonValueKind.Number && position.TryGetInt32(out var place))
        {
            raw.Position = place;
        }
        else if (position.ValueKind is not JsonValueKind.Undefined)
        {
            raw.Fail(RejectCode.BadValue, $"position {Rejected.Cut(position.GetRawText(), 32)} is not an integer: positions count from 0");
        }
    }

    // Segment's own type is "track"; what happened is then in "event".
    private static string? Kind(Fields fields)
    {
        var type = fields[Field.Type] is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        var name = fields[Field.Event] is { ValueKind: JsonValueKind.String } other ? other.GetString() : null;
        return name is not null && (type is null || type.Equals("track", StringComparison.OrdinalIgnoreCase)) ? name : type;
    }

    private static List<string>? Items(JsonElement element, ref RawEvent raw)
    {
        if (element.ValueKind is JsonValueKind.Undefined)
        {
            return null;
        }

        var items = new List<string>();
        if (element.ValueKind is not JsonValueKind.Array)
        {
            items.Add(Item(element, ref raw) ?? "");
            return items;
        }

        foreach (var one in element.EnumerateArray())
        {
            items.Add(Item(one, ref raw) ?? "");
        }

        return items;
    }

    private static string? Item(JsonElement element, ref RawEvent raw)
    {
        if (element.ValueKind is not JsonValueKind.Object)
        {
            return Text(element, "an item id", ref raw);
        }

        var best = default(JsonElement);
        var bestRank = int.MaxValue;
        foreach (var property in element.EnumerateObject())
        {
            if (FieldNames.TryFind(property.Name, out var field, out var rank) && (field is Field.Item || (field is Field.Id && rank == 0)))
            {
                // The item's own "id" stands behind every fuller name of it.
                rank = field is Field.Id ? RankPerDepth : rank;
                (best, bestRank) = rank < bestRank ? (property.Value, rank) : (best, bestRank);
            }
        }

        return Text(best, "an item id", ref raw);
    }

    private static string? Text(JsonElement element, string what, ref RawEvent raw)
    {
        switch (element.ValueKind)
        {
            case JsonValueKind.String:
                return element.GetString();
            case JsonValueKind.Number:
                return element.GetRawText();
            case JsonValueKind.Undefined or JsonValueKind.Null:
                return null;
            default:
                raw.Fail(RejectCode.BadId, $"{what} is a JSON {element.ValueKind}: send a string or a number");
                return null;
        }
    }

    /// <summary>For each field the element that counts most.</summary>
    private sealed class Fields
    {
        private readonly JsonElement[] _elements = new JsonElement[FieldNames.Count];
        private readonly int[] _ranks = new int[FieldNames.Count];

        public JsonElement this[Field field] => _elements[(int)field];

        public void Offer(Field field, int rank, JsonElement element)
        {
            // A null or empty userId beside an anonymousId means that the user is anonymous.
            var isEmpty = element.ValueKind is JsonValueKind.Null || (element.ValueKind is JsonValueKind.String && element.ValueEquals(""u8));
            var index = (int)field;
            if (!isEmpty && (_elements[index].ValueKind is JsonValueKind.Undefined || rank < _ranks[index]))
            {
                (_elements[index], _ranks[index]) = (element, rank);
            }
        }
    }
}
