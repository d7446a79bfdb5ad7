using System.Globalization;
using AptRl.Actors.Persistence;

namespace AptRl.Host.Bench;

/// <summary>What learning costs in the journal.</summary>
/// <param name="UpdatesPerSecond">Lessons learned a second, over all scenarios, since the server began.</param>
/// <param name="EntriesPerSecond">Journal entries that they came in.</param>
/// <param name="BytesPerUpdate">Bytes of the learners' entries, for each lesson.</param>
internal sealed record LearnerCost(double UpdatesPerSecond, double EntriesPerSecond, double BytesPerUpdate)
{
    /// <summary>Reads it from the journal of a running server.</summary>
    /// <param name="dataDir">Its data folder.</param>
    /// <param name="lessons">Lessons that the scenarios tell of.</param>
    /// <param name="elapsed">For how long the server has been loaded.</param>
    public static LearnerCost Of(string dataDir, long lessons, TimeSpan elapsed)
    {
        using var store = new SqliteStore(dataDir, Durability.Process);
        using var connection = store.OpenToRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*), coalesce(sum(length(message)), 0) FROM journal WHERE persistence_id LIKE 'learner-%'";
        using var row = command.ExecuteReader();
        row.Read();
        return new LearnerCost(
            Math.Round(lessons / elapsed.TotalSeconds, 1), Math.Round(row.GetInt64(0) / elapsed.TotalSeconds, 1),
            Math.Round(row.GetInt64(1) / (double)Math.Max(1, lessons), 1));
    }

    /// <inheritdoc/>
    public override string ToString()
        => string.Create(CultureInfo.InvariantCulture, $"{UpdatesPerSecond:0.#} updates/s in {EntriesPerSecond:0.#} journal entries/s, {BytesPerUpdate:0.#} bytes each");
}
