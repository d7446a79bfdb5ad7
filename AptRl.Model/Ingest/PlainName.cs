namespace AptRl.Model.Ingest;

/// <summary>A name without what people write differently: lower case, no space, underscore or hyphen.</summary>
internal static class PlainName
{
    /// <summary>Longer names match nothing that we know.</summary>
    public const int LengthMax = 64;

    public static string Of(ReadOnlySpan<char> name)
    {
        Span<char> plain = stackalloc char[LengthMax];
        return new string(Write(name, plain));
    }

    /// <summary>Writes the plain name; empty where it would be longer than the buffer.</summary>
    public static ReadOnlySpan<char> Write(ReadOnlySpan<char> name, Span<char> buffer)
    {
        var length = 0;
        foreach (var letter in name)
        {
            if (letter is '_' or '-' or ' ')
            {
                continue;
            }

            if (length == buffer.Length)
            {
                return [];
            }

            buffer[length++] = char.ToLowerInvariant(letter);
        }

        return buffer[..length];
    }
}
