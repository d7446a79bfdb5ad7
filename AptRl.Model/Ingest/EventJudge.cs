using System.Collections.Immutable;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using AptRl.Model.Events;

namespace AptRl.Model.Ingest;

/// <summary>Turns fields into an interaction, or says why not. The same rules for every format.</summary>
internal static class EventJudge
{
    private const int QueryMax = 512;

    public static ParsedEvent Judge(ref RawEvent raw, long line, ReadOnlySpan<byte> source, DateTimeOffset latest)
    {
        var interaction = Read(ref raw, latest);
        return interaction is not null
            ? ParsedEvent.Of(line, raw.Id, interaction)
            : ParsedEvent.Reject(line, raw.Fault!.Value.Code, raw.Fault!.Value.Reason, source, raw.Id);
    }

    private static Interaction? Read(ref RawEvent raw, DateTimeOffset latest)
    {
        raw.Id = NullIfBlank(raw.Id);
        raw.Session = NullIfBlank(raw.Session);
        raw.RecommendationId = NullIfBlank(raw.RecommendationId);
        raw.Query = NullIfBlank(raw.Query);
        var kind = ReadKind(ref raw);
        var at = ReadTime(ref raw, latest);
        CheckId(ref raw, raw.User, "user id", RejectCode.MissingUser, "the event names no user: send userId or anonymousId");
        CheckItems(ref raw, kind);
        CheckOptional(ref raw, raw.Id, "event id", Identifier.LengthMax);
        CheckOptional(ref raw, raw.Session, "session id", Identifier.LengthMax);
        CheckOptional(ref raw, raw.RecommendationId, "recommendation id", (4 * Identifier.LengthMax) + 17);
        if (raw.Value is { } value && !double.IsFinite(value))
        {
            raw.Fail(RejectCode.BadValue, $"value {value} is not a finite number: send a number, or leave it out");
        }

        if (raw.Position < 0)
        {
            raw.Fail(RejectCode.BadValue, $"position {raw.Position} is negative: positions count from 0");
        }

        if (raw.Fault is not null)
        {
            return null;
        }

        var query = raw.Query is { } text ? Rejected.Cut(text, QueryMax) : null;
        ImmutableArray<ItemId> items = raw.Items is { } names ? [.. names.Select(name => new ItemId(name))] : [];
        var user = new UserId(raw.User!);
        return new Interaction(
            IdOf(in raw, user, kind, at, query), user, kind, at, items, raw.Session, raw.Value, raw.RecommendationId, raw.Position, query);
    }

    private static string? NullIfBlank(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;

    private static InteractionKind ReadKind(ref RawEvent raw)
    {
        if (string.IsNullOrWhiteSpace(raw.Kind))
        {
            raw.Fail(RejectCode.MissingType, "the event has no type: send type, such as view_item");
            return default;
        }

        if (!KindNames.TryParse(raw.Kind, out var kind))
        {
            raw.Fail(RejectCode.UnknownType, $"type \"{Rejected.Cut(raw.Kind, 64)}\" is not known: send one of {string.Join(", ", Enum.GetValues<InteractionKind>().Select(KindNames.Of))}, or a usual alias");
        }

        return kind;
    }

    private static DateTimeOffset ReadTime(ref RawEvent raw, DateTimeOffset latest)
    {
        if (string.IsNullOrWhiteSpace(raw.Time))
        {
            raw.Fail(RejectCode.MissingTime, "the event has no time: send time as RFC 3339 or unix time");
            return default;
        }

        if (!EventTime.TryParse(raw.Time, out var at))
        {
            raw.Fail(RejectCode.BadTime, $"time \"{Rejected.Cut(raw.Time, 64)}\" is not a time since 1970: send RFC 3339 such as 2026-05-01T12:00:00Z, or unix seconds or milliseconds");
        }
        else if (FutureTime.Fault(at, latest) is { } fault)
        {
            raw.Fail(RejectCode.TimeInFuture, fault);
        }

        return at;
    }

    private static void CheckItems(ref RawEvent raw, InteractionKind kind)
    {
        if (raw.Items is not { Count: > 0 })
        {
            if (Enum.IsDefined(kind) && Interaction.NeedsItem(kind))
            {
                raw.Fail(RejectCode.MissingItem, $"a {KindNames.Of(kind)} event names no item: send itemId or items");
            }

            return;
        }

        if (raw.Items.Count > Interaction.ItemsMax)
        {
            raw.Fail(RejectCode.TooManyItems, $"{raw.Items.Count} items in one event, at most {Interaction.ItemsMax} are allowed: send several events");
            return;
        }

        foreach (var item in raw.Items)
        {
            CheckId(ref raw, item, "item id", RejectCode.MissingItem, "an item id is empty: leave the item out or name it");
        }
    }

    private static void CheckOptional(ref RawEvent raw, string? id, string what, int lengthMax)
    {
        if (id is null)
        {
            return;
        }

        if (id.Length > lengthMax)
        {
            raw.Fail(RejectCode.IdTooLong, $"{what} has {id.Length} characters, at most {lengthMax} are allowed: send a shorter id, or a hash of it");
        }
        else if (id.Any(char.IsControl))
        {
            raw.Fail(RejectCode.BadId, $"{what} holds a control character: send printable text");
        }
    }

    private static void CheckId(ref RawEvent raw, string? id, string what, string missingCode, string missingReason)
    {
        if (string.IsNullOrWhiteSpace(id))
        {
            raw.Fail(missingCode, missingReason);
        }
        else
        {
            CheckOptional(ref raw, id, what, Identifier.LengthMax);
        }
    }

    private static EventId IdOf(in RawEvent raw, UserId user, InteractionKind kind, DateTimeOffset at, string? query)
    {
        if (raw.Id is null)
        {
            return new EventId(Hashed("c-", [user.Value, KindNames.Of(kind), query ?? "", .. raw.Items ?? []], at.UtcTicks));
        }

        // A CloudEvent is named by source and id together: two producers may both count from 1.
        return raw.Source is null ? new EventId(raw.Id)
            : raw.Source.Length + raw.Id.Length < Identifier.LengthMax && !raw.Source.Any(char.IsControl) ? new EventId($"{raw.Source}#{raw.Id}")
            : new EventId(Hashed("s-", [raw.Source, raw.Id], 0));
    }

    private static string Hashed(string prefix, ReadOnlySpan<string> parts, long number)
    {
        var hash = new XxHash128();
        hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in number)));
        foreach (var part in parts)
        {
            // The length in front keeps ("ab", "c") and ("a", "bc") apart.
            var length = part.Length;
            hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<int>(in length)));
            hash.Append(MemoryMarshal.AsBytes(part.AsSpan()));
        }

        return prefix + hash.GetCurrentHashAsUInt128().ToString("x32", System.Globalization.CultureInfo.InvariantCulture);
    }
}
