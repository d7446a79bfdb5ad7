using System.Security.Cryptography;
using AptRl.Model.Events;

namespace AptRl.Model.Encoding;

/// <summary>Which row of the item table stands for an item.</summary>
/// <remarks>
/// Row 0 is padding, row 1 is "no item" (a search, say), then come the buckets for items that training never saw, then
/// the known items in ordinal order of their names: the lower row is the smaller name, so ties are broken by row.
/// </remarks>
public sealed class Vocabulary
{
    /// <summary>The row of what is no touch at all.</summary>
    public const int PaddingRow = 0;

    /// <summary>The row of a touch without an item.</summary>
    public const int NoItemRow = 1;

    /// <summary>The row of the first bucket.</summary>
    public const int FirstBucketRow = 2;

    private readonly Dictionary<string, int> _rows;
    private readonly ItemId[] _known;

    /// <summary>Takes the known items, in any order; repeats count once.</summary>
    public Vocabulary(IEnumerable<ItemId> known, int hashBuckets)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(hashBuckets);
        HashBuckets = hashBuckets;
        _known = [.. known.Distinct().Order()];
        _rows = new Dictionary<string, int>(_known.Length, StringComparer.Ordinal);
        for (var i = 0; i < _known.Length; i++)
        {
            _rows.Add(_known[i].Value, FirstKnownRow + i);
        }

        Hash = HashOf(_known, hashBuckets);
    }

    /// <summary>Rows for unknown items.</summary>
    public int HashBuckets { get; }

    /// <summary>The known items, in ordinal order.</summary>
    public IReadOnlyList<ItemId> Known => _known;

    /// <summary>The row of <see cref="Known"/>[0].</summary>
    public int FirstKnownRow => FirstBucketRow + HashBuckets;

    /// <summary>All rows.</summary>
    public int Rows => FirstKnownRow + _known.Length;

    /// <summary>Same items and buckets, same hash: 16 hexadecimal digits of SHA-256.</summary>
    public string Hash { get; }

    /// <summary>Whether training has seen the item.</summary>
    public bool Knows(ItemId item) => _rows.ContainsKey(item.Value);

    /// <summary>The row of any item: its own, or the bucket of its name's hash.</summary>
    public int RowOf(ItemId item) => _rows.TryGetValue(item.Value, out var row) ? row : BucketOf(item);

    /// <summary>The bucket row that the item would have if it were unknown.</summary>
    public int BucketOf(ItemId item) => FirstBucketRow + (int)(StableHash.Of(item.Value) % (ulong)HashBuckets);

    private static string HashOf(ItemId[] known, int hashBuckets)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(BitConverter.GetBytes(hashBuckets));
        foreach (var item in known)
        {
            // A name holds no control character, so a line feed cannot be part of one.
            hash.AppendData(System.Text.Encoding.UTF8.GetBytes(item.Value + "\n"));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset().AsSpan(0, 8));
    }
}
