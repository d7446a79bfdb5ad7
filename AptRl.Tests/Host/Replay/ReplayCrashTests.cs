using System.Text;
using System.Text.Json.Nodes;
using AptRl.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AptRl.Tests.Host.Replay;

/// <summary>Not beside the tests that measure: each of these takes both cores for a while.</summary>
[Collection("Torch")]
public sealed class ReplayCrashTests(ReplayedLog log) : IClassFixture<ReplayedLog>
{
    [Fact]
    public void A_killed_replay_ends_as_one_that_was_never_disturbed()
    {
        Assert.Equal(3, log.Killed.Kills);
        AssertSame(log.Undisturbed, log.Killed);
    }

    [Fact]
    public void Taken_one_by_one_and_killed_it_ends_the_same_too()
    {
        Assert.Equal(2, log.KilledInOrder.Kills);
        AssertSame(log.Undisturbed, log.KilledInOrder);
    }

    [Fact]
    public void Every_line_is_accounted_for_and_every_accepted_one_had_a_decision()
    {
        var report = JsonNode.Parse(log.Undisturbed.Outcome)!;
        const int accepted = ReplayedLog.Lines - ReplayedLog.Duplicates - ReplayedLog.Late - ReplayedLog.Rejected;
        Assert.Equal(
            $$"""{"read":{{ReplayedLog.Lines}},"accepted":{{accepted}},"duplicate":{{ReplayedLog.Duplicates}},"late":{{ReplayedLog.Late}},"rejected":{{ReplayedLog.Rejected}}}""",
            report["events"]!.ToJsonString());

        // A repeat gets the decision of the first time; a late event gets one as any other page view does.
        Assert.Equal(accepted + ReplayedLog.Late, (long)report["decisions"]!);
        Assert.True((long)report["rewardsJoined"]! > 100, report.ToJsonString());
        Assert.Equal(ReplayedLog.Late + ReplayedLog.Rejected, log.Undisturbed.Rejects.Count(b => b == '\n'));
        Assert.Equal(accepted + ReplayedLog.Late + ReplayedLog.Duplicates, log.Undisturbed.Decisions.Count(b => b == '\n'));
    }

    [Fact]
    public async Task What_a_killed_replay_left_is_verified()
    {
        foreach (var run in (ReplayedRun[])[log.Killed, log.KilledInOrder])
        {
            var (code, output, error) = await AptRlProcess.RunAsync("replay", "--verify", "--data-dir", run.Folder);
            Assert.True(code == 0, $"seed {ReplayedLog.Seed}\n{output}\n{error}");
        }
    }

    [Theory]
    [InlineData(
        "DELETE FROM journal WHERE persistence_id = 'learner-home' AND sequence_number = 3", "policy hash")]
    [InlineData(
        """
        UPDATE journal SET message = (SELECT message FROM journal WHERE persistence_id = 'user-u2' AND manifest = 'IA' ORDER BY sequence_number DESC LIMIT 1)
        WHERE ordering = (SELECT max(ordering) FROM journal WHERE persistence_id = 'user-u1' AND manifest = 'IA')
        """,
        "windows hash")]
    public async Task A_fact_that_was_tampered_with_is_found(string sql, string what)
    {
        var folder = log.FolderOf("tampered-" + what.Split(' ')[0]);
        Directory.CreateDirectory(folder);
        foreach (var file in Directory.GetFiles(log.Undisturbed.Folder))
        {
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        }

        await using (var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = sql;
            Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
        }

        var (code, output, error) = await AptRlProcess.RunAsync("replay", "--verify", "--data-dir", folder);
        Assert.True(code == 1, $"exit code {code}\n{output}\n{error}");
        Assert.Contains($"DIFFERS {what}", output, StringComparison.Ordinal);
    }

    private static void AssertSame(ReplayedRun expected, ReplayedRun actual)
    {
        Assert.True(expected.Outcome == actual.Outcome, $"seed {ReplayedLog.Seed}\n{expected.Outcome}\n{actual.Outcome}");
        Assert.True(expected.Rejects.SequenceEqual(actual.Rejects), $"seed {ReplayedLog.Seed}\n{Encoding.UTF8.GetString(actual.Rejects)}");
        Assert.True(expected.Decisions.SequenceEqual(actual.Decisions), $"seed {ReplayedLog.Seed}: the decision sinks differ");
    }
}
