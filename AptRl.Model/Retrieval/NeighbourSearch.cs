using System.Runtime.InteropServices;

namespace AptRl.Model.Retrieval;

/// <summary>The sessions most like a session: sums of weights of the items they share. Scratch of one reader.</summary>
internal sealed class NeighbourSearch(SessionIndex index)
{
    private readonly Tally _sums = new();
    private readonly List<FoundSession> _found = [];
    private ulong[] _keys = [];

    /// <summary>What was found since the last <see cref="Clear"/>; its similarities may be changed in place.</summary>
    public Span<FoundSession> Found => CollectionsMarshal.AsSpan(_found);

    public void Clear()
    {
        _found.Clear();
        _sums.Clear();
        _sums.Reserve(index.Count);
    }

    /// <summary>Adds a weight to the newest <paramref name="max"/> sessions that hold an item.</summary>
    public void Match(int item, float weight, int max)
    {
        if (index.EntryOrNull(item) is not { } sessions)
        {
            return;
        }

        for (var at = sessions.Count - 1; at >= Math.Max(0, sessions.Count - max); at--)
        {
            var number = sessions[at];
            var slot = index.SlotOf(number);
            if (_sums[slot] == 0)
            {
                _found.Add(new FoundSession(number, 0));
            }

            _sums.Add(slot, weight);
        }
    }

    /// <summary>Writes each similarity: the sum of weights.</summary>
    public Span<FoundSession> Sum()
    {
        var found = Found;
        foreach (ref var session in found)
        {
            session = session with { Similarity = _sums[index.SlotOf(session.Number)] };
        }

        return found;
    }

    /// <summary>Leaves the newest, in no order.</summary>
    public void KeepNewest(int max)
    {
        if (_found.Count > max)
        {
            _found.Sort(static (a, b) => b.Number.CompareTo(a.Number));
            CollectionsMarshal.SetCount(_found, max);
        }
    }

    /// <summary>Leaves the most similar, those found first where they are equal, in no order.</summary>
    public Span<FoundSession> Nearest(int max)
    {
        var found = Found;
        if (found.Length <= max)
        {
            return found;
        }

        if (_keys.Length < found.Length)
        {
            _keys = new ulong[2 * found.Length];
        }

        // Bits of positive numbers order as the numbers do, so one integer holds the similarity and, below it, the place.
        var keys = _keys.AsSpan(0, found.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ((ulong)BitConverter.SingleToUInt32Bits(found[i].Similarity) << 32) | ~(uint)i;
        }

        keys.Sort();
        var least = keys[^max];
        var kept = 0;
        for (var i = 0; i < found.Length; i++)
        {
            if ((((ulong)BitConverter.SingleToUInt32Bits(found[i].Similarity) << 32) | ~(uint)i) >= least)
            {
                found[kept++] = found[i];
            }
        }

        CollectionsMarshal.SetCount(_found, kept);
        return Found;
    }
}

/// <summary>A session that shares items with the one asked about.</summary>
internal readonly record struct FoundSession(long Number, float Similarity);
