namespace AptRl.Client;

/// <summary>Ids for what is sent without one.</summary>
/// <remarks>
/// UUIDs of version 7 (RFC 9562): unique without asking anybody, and those of later are behind those of before, which keeps
/// what is sorted by them in order. They name requests; nothing is decided by them that a replay would have to repeat.
/// </remarks>
internal static class Identifiers
{
    public static string Next() => Guid.CreateVersion7().ToString("N");
}
