using System.Collections.Immutable;

namespace AptRl.Model.Retrieval;

/// <summary>A session index at rest: what a snapshot holds.</summary>
/// <param name="Opened">Sessions opened so far, those forgotten counted too.</param>
/// <param name="Cut">Touches that came when their session was full.</param>
/// <param name="Late">Touches that came when their session was forgotten.</param>
/// <param name="Sessions">The items of the sessions kept, by number; the last has the number <paramref name="Opened"/> - 1.</param>
public sealed record SessionIndexImage(long Opened, long Cut, long Late, ImmutableArray<ImmutableArray<int>> Sessions)
{
    /// <summary>SHA-256 over all that retrieval depends on, as 64 hexadecimal digits: equal indexes, equal hashes, on every machine.</summary>
    public string Hash()
    {
        using var hash = new ImageHash();
        hash.Append(Opened);
        hash.Append(Sessions.Length);
        foreach (var session in Sessions)
        {
            hash.Append(session.Length);
            hash.Append(session.AsSpan());
        }

        return hash.Digits();
    }
}
