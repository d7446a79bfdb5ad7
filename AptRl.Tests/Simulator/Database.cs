using Akka.Persistence;
using AptRl.Model.Events;

namespace AptRl.Tests.Simulator;

/// <summary>A fact as the database keeps it.</summary>
/// <param name="Number">Unique within its writer's name.</param>
/// <param name="Serializer">Who wrote the bytes.</param>
/// <param name="Manifest">What they are.</param>
/// <param name="Bytes">They.</param>
internal sealed record Row(long Number, int Serializer, string Manifest, byte[] Bytes);

/// <summary>What becomes of a write.</summary>
internal enum Fate
{
    /// <summary>It is stored, and its writer is told so.</summary>
    Stored,

    /// <summary>It is not stored.</summary>
    Failed,

    /// <summary>It is stored, and its writer is told that it failed.</summary>
    StoredUnheard,

    /// <summary>Its writer is told that it failed, and then it is stored.</summary>
    StoredLate,
}

/// <summary>The one database of all nodes: facts under unique numbers, and snapshots. What is in it stays, whatever ends.</summary>
internal sealed class Database(Loop loop, Trace trace, Chance chance)
{
    private readonly Dictionary<string, Table> _tables = new(StringComparer.Ordinal);
    private Chance _chance = chance;

    /// <summary>Share of writes that fail in one of three ways.</summary>
    public double Failing { get; set; }

    /// <summary>How long a write or a read takes at most, usually.</summary>
    public TimeSpan Delay { get; set; } = TimeSpan.FromMilliseconds(3);

    /// <summary>Whether it cannot be reached by anybody.</summary>
    public bool IsAway { get; set; }

    /// <summary>Told each fact when it is stored.</summary>
    public Action<string, Row> Stored { get; set; } = (_, _) => { };

    /// <summary>Told when all facts of a writer are deleted.</summary>
    public Action<string> Deleted { get; set; } = _ => { };

    /// <summary>How long the next write, read or answer takes.</summary>
    public TimeSpan NextDelay() => Delay * _chance.NextDouble();

    /// <summary>What becomes of the next write.</summary>
    public Fate NextFate() => IsAway ? Fate.Failed : _chance.NextDouble() >= Failing ? Fate.Stored : (Fate)(1 + _chance.Next(3));

    /// <summary>Whether the next read fails.</summary>
    public bool NextReadFails() => IsAway || _chance.NextDouble() < Failing / 2;

    /// <summary>Stores all of these facts or, where one of the numbers is taken, none.</summary>
    public bool TryStore(Process by, IReadOnlyList<(string Writer, Row Row)> rows)
    {
        if (rows.FirstOrDefault(row => row.Row.Number <= TableOf(row.Writer).Highest && (TableOf(row.Writer).Rows.ContainsKey(row.Row.Number) || TableOf(row.Writer).DeletedThrough >= row.Row.Number)) is { Writer: not null } taken)
        {
            trace.Write(loop.Now, $"{by} ✗ {taken.Writer} {taken.Row.Number} is taken");
            return false;
        }

        foreach (var (writer, row) in rows)
        {
            var table = TableOf(writer);
            table.Rows[row.Number] = row;
            table.Highest = Math.Max(table.Highest, row.Number);
            Stored(writer, row);
        }

        return true;
    }

    /// <summary>Facts of a writer in order of their numbers.</summary>
    public IReadOnlyList<Row> Read(string writer, long from, long to) => [.. TableOf(writer).Rows.Values.Where(row => row.Number >= from && row.Number <= to)];

    /// <summary>The highest number that a writer has given, deleted ones too.</summary>
    public long HighestOf(string writer) => TableOf(writer).Highest;

    /// <summary>Deletes facts; their numbers stay taken.</summary>
    public void Delete(Process by, string writer, long to)
    {
        var table = TableOf(writer);
        to = Math.Min(to, table.Highest);
        trace.Write(loop.Now, $"{by} ✗ {writer} deleted through {to}");
        table.DeletedThrough = Math.Max(table.DeletedThrough, to);
        foreach (var number in table.Rows.Keys.Where(number => number <= to).ToList())
        {
            table.Rows.Remove(number);
        }

        Deleted(writer);
    }

    /// <summary>Keeps a snapshot.</summary>
    public void Save(SnapshotMetadata metadata, Row snapshot) => TableOf(metadata.PersistenceId).Snapshots[metadata.SequenceNr] = (metadata, snapshot);

    /// <summary>The newest snapshot that fits, or null.</summary>
    public (SnapshotMetadata Metadata, Row Snapshot)? Load(string writer, SnapshotSelectionCriteria criteria, long to)
        => TableOf(writer).Snapshots.Values.Where(saved => saved.Metadata.SequenceNr <= to && Fits(criteria, saved.Metadata)).Select(saved => ((SnapshotMetadata, Row)?)saved).LastOrDefault();

    /// <summary>Deletes the snapshots that fit.</summary>
    public void Delete(string writer, SnapshotSelectionCriteria criteria)
    {
        foreach (var (number, _) in TableOf(writer).Snapshots.Where(saved => Fits(criteria, saved.Value.Metadata)).ToList())
        {
            TableOf(writer).Snapshots.Remove(number);
        }
    }

    private static bool Fits(SnapshotSelectionCriteria criteria, SnapshotMetadata saved)
        => saved.SequenceNr >= criteria.MinSequenceNr && saved.SequenceNr <= criteria.MaxSequenceNr && saved.Timestamp <= criteria.MaxTimeStamp;

    private Table TableOf(string writer) => _tables.TryGetValue(writer, out var table) ? table : _tables[writer] = new Table();

    private sealed class Table
    {
        public SortedDictionary<long, Row> Rows { get; } = [];

        public SortedDictionary<long, (SnapshotMetadata Metadata, Row Snapshot)> Snapshots { get; } = [];

        public long Highest { get; set; }

        public long DeletedThrough { get; set; }
    }
}
