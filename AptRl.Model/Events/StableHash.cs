using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace AptRl.Model.Events;

/// <summary>A 64-bit hash of text that is the same in every process and on every machine.</summary>
public static class StableHash
{
    /// <summary>XXH3 (64 bits) of the text's UTF-16 code units, little-endian.</summary>
    public static ulong Of(ReadOnlySpan<char> text) => XxHash3.HashToUInt64(MemoryMarshal.AsBytes(text));
}
