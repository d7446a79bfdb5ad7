using System.Globalization;

namespace AptRl.Tests.Simulator;

/// <summary>What happened in a simulation: its last lines to be read, and all of it as a hash.</summary>
internal sealed class Trace
{
    private const int LinesMax = 40;

    private readonly Queue<string> _lines = new();

    /// <summary>Hash of all that happened, in its order. Two runs of one seed have the same.</summary>
    public ulong Hash { get; private set; } = 14_695_981_039_346_656_037;

    /// <summary>The last lines.</summary>
    public IEnumerable<string> Last => _lines;

    /// <summary>Where every line goes as well; null for nowhere.</summary>
    public Action<string>? Listener { get; init; }

    /// <summary>Takes a line.</summary>
    public void Write(TimeSpan now, string what)
    {
        var line = string.Create(CultureInfo.InvariantCulture, $"{now.TotalSeconds,11:F6} {what}");
        foreach (var letter in line)
        {
            Add(letter);
        }

        Listener?.Invoke(line);
        _lines.Enqueue(line);
        if (_lines.Count > LinesMax)
        {
            _lines.Dequeue();
        }
    }

    /// <summary>Takes a choice of what runs next.</summary>
    public void Count(int index, int of)
    {
        Add((ulong)index);
        Add((ulong)of);
    }

    // FNV-1a.
    private void Add(ulong value) => Hash = unchecked((Hash ^ value) * 1_099_511_628_211);
}
