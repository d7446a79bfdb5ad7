namespace AptRl.Host.Replay;

/// <summary>What a replay was asked to do.</summary>
/// <param name="Input">The log.</param>
/// <param name="Columns">Its column mapping; null recognises the columns.</param>
/// <param name="DataDir">Folder of journal, cursor and sinks.</param>
/// <param name="Model">Encoder weights; null takes one that was never fitted.</param>
/// <param name="Count">Items of a slate.</param>
/// <param name="Ordered">One event at a time, in log order.</param>
/// <param name="Parallelism">Users under way at once otherwise.</param>
internal sealed record ReplayOptions(string Input, string? Columns, string DataDir, string? Model, int Count, bool Ordered, int Parallelism)
{
    /// <summary>Lines between two publications, at which the replay can be taken up again.</summary>
    public const int EpochLines = 256;

    /// <summary>
    /// Lines of one user in an epoch. An epoch that was cut by a crash is sent again whole, so a user must remember all
    /// of its decisions: this is the number of decisions that a user remembers.
    /// </summary>
    public const int EpochLinesPerUser = 64;

    public string CursorFile => Path.Combine(DataDir, "replay.cursor.json");

    public string ReportFile => Path.Combine(DataDir, "replay.json");

    public string RejectsFile => Path.Combine(DataDir, "rejects.ndjson");

    public string DecisionsFile => Path.Combine(DataDir, "decisions.ndjson");
}
