namespace AptRl.Model.Retrieval;

/// <summary>A session memory at rest: what a snapshot holds.</summary>
/// <param name="Sessions">The sessions kept.</param>
/// <param name="CoVisits">The co-visits counted.</param>
public sealed record SessionMemoryImage(SessionIndexImage Sessions, CoVisitationImage CoVisits)
{
    /// <summary>The hashes of both: equal memories, equal text, on every machine.</summary>
    public string Hash() => $"{Sessions.Hash()}-{CoVisits.Hash()}";
}

/// <summary>What retrieval remembers of all sessions, kept up touch by touch: the session index and the co-visits.</summary>
/// <remarks>Single writer. A touch that the index leaves out is left out of the co-visits too.</remarks>
public sealed class SessionMemory
{
    /// <summary>Nothing seen yet.</summary>
    public SessionMemory(SessionIndexOptions sessions, CoVisitationOptions coVisits)
        => (Sessions, CoVisits) = (new SessionIndex(sessions), new CoVisitation(coVisits));

    /// <summary>A memory as it was.</summary>
    public SessionMemory(SessionMemoryImage image, SessionIndexOptions sessions, CoVisitationOptions coVisits)
        => (Sessions, CoVisits) = (new SessionIndex(image.Sessions, sessions), new CoVisitation(image.CoVisits, coVisits));

    /// <summary>The sessions.</summary>
    public SessionIndex Sessions { get; }

    /// <summary>The co-visits.</summary>
    public CoVisitation CoVisits { get; }

    /// <summary>Opens a session, which makes it the newest.</summary>
    /// <returns>The number to append to it by.</returns>
    public long Open() => Sessions.Open();

    /// <summary>Adds a touch at the end of a session.</summary>
    /// <returns>Whether the session still took it.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The item is negative, or there was no such session.</exception>
    public bool Append(long session, int item)
    {
        var isTaken = Sessions.Append(session, item);
        if (isTaken)
        {
            CoVisits.Add(Sessions.ItemsOf(session), session);
        }

        return isTaken;
    }

    /// <summary>Opens a session and gives it all its touches.</summary>
    /// <returns>Its number.</returns>
    /// <exception cref="ArgumentOutOfRangeException">An item is negative.</exception>
    public long Add(ReadOnlySpan<int> items)
    {
        var number = Open();
        foreach (var item in items)
        {
            Append(number, item);
        }

        return number;
    }

    /// <summary>Everything in it, for a snapshot.</summary>
    public SessionMemoryImage Image() => new(Sessions.Image(), CoVisits.Image());
}
