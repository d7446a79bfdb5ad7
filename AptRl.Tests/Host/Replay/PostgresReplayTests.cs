using AptRl.Actors.Persistence;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Npgsql;
using Xunit;

namespace AptRl.Tests.Host.Replay;

/// <summary>The program's process killed with PostgreSQL as its journal.</summary>
[Collection("Torch")]
public sealed class PostgresReplayTests(SmallReplay replay) : IClassFixture<SmallReplay>
{
    private const ulong Seed = 6;

    [Fact]
    public async Task Killed_at_drawn_writes_it_ends_to_the_bit_as_an_undisturbed_replay_on_SQLite()
    {
        var database = PostgresServer.Shared().NewDatabase();
        var chance = new Chance(Seed);
        int[] kills = [1 + chance.Next(100), 200 + chance.Next(150)];
        string[] more = ["--postgres", database.ConnectionString, .. replay.Learner];
        var killed = await ReplayedRun.MakeAtWritesAsync(replay.FileOf("shop.ndjson"), replay.FileOf("killed"), kills, () => WritesDone(database), more);
        Assert.True(kills.Length == killed.Kills, $"seed {Seed}: {killed.Kills} of {kills.Length} kills came before the end");

        var calm = ReplayedRun.Of(replay.Folder);
        Assert.True(calm.Outcome == killed.Outcome, $"seed {Seed}, killed at {string.Join(", ", kills)}\n{calm.Outcome}\n{killed.Outcome}");
        Assert.Equal(calm.Decisions, killed.Decisions);
        Assert.Equal(calm.Rejects, killed.Rejects);

        var (code, output, error) = await AptRlProcess.RunAsync(["replay", "--verify", "--data-dir", killed.Folder, .. more]);
        Assert.True(code == 0, $"seed {Seed}\n{output}\n{error}");
    }

    private static long WritesDone(PostgresOptions database)
    {
        // From the pool: a connection of its own for each look takes longer than what is left of the replay.
        using var connection = new NpgsqlConnection(database.ConnectionString);
        connection.Open();
        using var command = new NpgsqlCommand("SELECT coalesce(max(ordering), 0) FROM aptrl.journal", connection);
        try
        {
            return (long)command.ExecuteScalar()!;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return 0;
        }
    }
}
