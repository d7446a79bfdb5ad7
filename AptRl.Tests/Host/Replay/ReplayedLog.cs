using System.Text;
using System.Text.Json.Nodes;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AptRl.Tests.Host.Replay;

/// <summary>One generated log, replayed by the real program: once undisturbed, once killed again and again, once more in log order.</summary>
public sealed class ReplayedLog : IAsyncLifetime
{
    public const ulong Seed = 41;
    public const int Lines = 1_500;
    public const int Duplicates = 4;
    public const int Late = 1;
    public const int Rejected = 2;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-replay-");

    internal ReplayedRun Undisturbed { get; private set; } = null!;

    internal ReplayedRun Killed { get; private set; } = null!;

    internal ReplayedRun KilledInOrder { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var log = Path.Combine(_folder.FullName, "shop.ndjson");
        await File.WriteAllLinesAsync(log, Log());
        Undisturbed = await ReplayedRun.MakeAsync(log, FolderOf("undisturbed"), []);
        var chance = new Chance(Seed);

        // Each kill comes within an epoch's time after a line that the cursor must have passed; the first before there is a cursor.
        Killed = await ReplayedRun.MakeAsync(
            log, FolderOf("killed"),
            [(0, chance.Next(300)), (256 * (1 + chance.Next(2)), chance.Next(300)), (256 * (3 + chance.Next(2)), chance.Next(300))]);

        // Each kill comes at once after a drawn write of the journal.
        KilledInOrder = await ReplayedRun.MakeAtWritesAsync(log, FolderOf("in-order"), [1 + chance.Next(300), 600 + chance.Next(2_000)], "--ordered");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    internal string FolderOf(string name) => Path.Combine(_folder.FullName, name);

    private static List<string> Log()
    {
        var chance = new Chance(Seed);
        var at = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        var lines = new List<string>();
        string[] kinds = ["view", "view", "view", "addtocart", "buy"];
        while (lines.Count < Lines - Duplicates - Late - Rejected)
        {
            // Two days of events: enough for one to be late by more than the day that is allowed.
            at = at.AddSeconds(chance.Next(230));
            lines.Add(Line($"e{lines.Count}", chance.Next(30), at, kinds[chance.Next(kinds.Length)], chance.Next(60)));
        }

        lines.Insert(1_400, Line("late", 3, at.AddDays(-1.9), "view", 7));
        lines.Insert(900, "{\"id\":\"half a li");
        lines.Insert(300, """{"id":"odd","user":"u1","time":"2026-05-01T00:00:00Z","type":"levitate","item":"i1"}""");
        lines.Insert(1_200, lines[1_199]);   // the same epoch
        lines.Insert(1_000, lines[100]);     // epochs ago
        lines.Insert(520, lines[500]);       // the epoch before
        lines.Insert(40, lines[39]);
        return lines;
    }

    private static string Line(string id, int user, DateTimeOffset at, string kind, int item)
        => $$"""{"id":"{{id}}","user":"u{{user}}","time":"{{at:yyyy-MM-ddTHH:mm:ssZ}}","type":"{{kind}}","item":"i{{item}}"}""";
}

/// <summary>What one replay left behind.</summary>
internal sealed record ReplayedRun(string Folder, int Kills, string Outcome, byte[] Decisions, byte[] Rejects)
{
    /// <summary>Replays the log; kills the program once for each entry when the cursor is past the line and the delay is over, and starts it again.</summary>
    public static async Task<ReplayedRun> MakeAsync(string log, string folder, (int Line, int DelayMs)[] kills, params string[] more)
    {
        return await MakeAsync(
            log, folder,
            [.. kills.Select(kill => (
                (Func<bool>)(() => kill.Line == 0 ? File.Exists(Path.Combine(folder, "journal.db-wal")) : LinesDone(folder) >= kill.Line), kill.DelayMs))],
            more);
    }

    /// <summary>Replays the log; kills the program once for each entry as soon as the journal has that many writes, and starts it again.</summary>
    public static Task<ReplayedRun> MakeAtWritesAsync(string log, string folder, int[] writes, params string[] more)
        => MakeAtWritesAsync(log, folder, writes, () => WritesDone(folder), more);

    /// <summary>The same where the journal is elsewhere: <paramref name="writesDone"/> tells its writes.</summary>
    public static Task<ReplayedRun> MakeAtWritesAsync(string log, string folder, int[] writes, Func<long> writesDone, params string[] more)
        => MakeAsync(log, folder, [.. writes.Select(write => ((Func<bool>)(() => writesDone() >= write), 0))], more);

    private static async Task<ReplayedRun> MakeAsync(string log, string folder, (Func<bool> IsDue, int DelayMs)[] kills, string[] more)
    {
        string[] arguments = ["replay", "--input", log, "--data-dir", folder, .. more];
        var killed = 0;
        foreach (var (isDue, delay) in kills)
        {
            using var program = AptRlProcess.Start(arguments);
            while (!program.HasEnded && !isDue())
            {
                await Task.Delay(2);
            }

            await Task.Delay(delay);
            killed += program.HasEnded ? 0 : 1;
            program.Kill();
            await program.EndAsync();
        }

        var (code, output, error) = await AptRlProcess.RunAsync(arguments);
        Assert.True(code == 0, $"seed {ReplayedLog.Seed}, {killed} kills, exit code {code}\n{output}\n{error}");
        return Of(folder) with { Kills = killed };
    }

    /// <summary>What lies in the folder of a replay that ended undisturbed.</summary>
    public static ReplayedRun Of(string folder) => new(folder, 0, OutcomeOf(folder), Read(folder, "decisions.ndjson"), Read(folder, "rejects.ndjson"));

    private static byte[] Read(string folder, string name) => File.ReadAllBytes(Path.Combine(folder, name));

    private static int LinesDone(string folder)
        => File.Exists(Path.Combine(folder, "replay.cursor.json")) ? (int)JsonNode.Parse(Read(folder, "replay.cursor.json"))!["Read"]! : 0;

    private static long WritesDone(string folder)
    {
        var file = Path.Combine(folder, "journal.db");
        if (!File.Exists(file) || new FileInfo(file).Length == 0)
        {
            return 0;
        }

        try
        {
            using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
            connection.Open();
            using var command = connection.CreateCommand();
            command.CommandText = "SELECT coalesce(max(ordering), 0) FROM journal";
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException)
        {
            return 0; // the table is not there yet
        }
    }

    // The report without what depends on the machine.
    private static string OutcomeOf(string folder)
    {
        var report = JsonNode.Parse(Encoding.UTF8.GetString(Read(folder, "replay.json")))!.AsObject();
        foreach (var name in (string[])["seconds", "eventsPerSecond", "peakMemoryMb", "latencyMs"])
        {
            Assert.True(report.Remove(name), name);
        }

        return report.ToJsonString();
    }
}
