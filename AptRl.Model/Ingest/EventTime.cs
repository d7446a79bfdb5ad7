using System.Globalization;

namespace AptRl.Model.Ingest;

/// <summary>Reads a time as sources write it: RFC 3339, or unix time as a number.</summary>
/// <remarks>
/// A number's unit follows from its size: below 10¹¹ seconds (to the year 5138), below 10¹⁴ milliseconds, below 10¹⁷
/// microseconds. A date and time without an offset is taken as UTC. Nothing before 1970 is a time of a shop: it is
/// what an unset field looks like.
/// </remarks>
internal static class EventTime
{
    public static bool TryParse(ReadOnlySpan<char> text, out DateTimeOffset at)
    {
        text = text.Trim();
        var parsed = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var whole) ? TryUnix(whole, out at)
            : decimal.TryParse(text, NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent, CultureInfo.InvariantCulture, out var number) ? TryUnix(number, out at)
            : TryRfc3339(text, out at);
        return parsed && at >= DateTimeOffset.UnixEpoch;
    }

    private static bool TryUnix(decimal number, out DateTimeOffset at)
    {
        decimal? ticksPerUnit = number switch
        {
            < 0 => null,
            < 100_000_000_000 => TimeSpan.TicksPerSecond,
            < 100_000_000_000_000 => TimeSpan.TicksPerMillisecond,
            < 100_000_000_000_000_000 => TimeSpan.TicksPerMicrosecond,
            _ => null,
        };
        at = ticksPerUnit is { } ticks ? DateTimeOffset.UnixEpoch.AddTicks((long)(number * ticks)) : default;
        return ticksPerUnit is not null;
    }

    private static bool TryRfc3339(ReadOnlySpan<char> text, out DateTimeOffset at)
    {
        at = default;
        Span<char> exact = stackalloc char[40];
        if (text.EndsWith(" UTC", StringComparison.OrdinalIgnoreCase))
        {
            text = text[..^4];
        }

        if (text.Length < 19 || text.Length > exact.Length)
        {
            return false;
        }

        text.ToUpperInvariant(exact);
        exact[10] = text[10] == ' ' ? 'T' : exact[10];
        var length = CutToTicks(exact[..text.Length]);
        return DateTimeOffset.TryParseExact(exact[..length], "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out at);
    }

    // Other platforms write nanoseconds; a tick is 100 of them.
    private static int CutToTicks(Span<char> text)
    {
        if (text[19..] is not ['.', .. var fraction])
        {
            return text.Length;
        }

        var digits = fraction.IndexOfAnyExceptInRange('0', '9');
        digits = digits < 0 ? fraction.Length : digits;
        if (digits <= 7)
        {
            return text.Length;
        }

        fraction[digits..].CopyTo(fraction[7..]);
        return text.Length - (digits - 7);
    }
}
