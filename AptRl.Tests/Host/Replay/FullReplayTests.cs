using System.CommandLine;
using AptRl.Actors.Persistence;
using AptRl.Host.Commands;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AptRl.Tests.Host.Replay;

/// <summary>A replay on a disk that becomes full.</summary>
[Collection("Torch")]
public sealed class FullReplayTests(SmallReplay replay) : IClassFixture<SmallReplay>
{
    [Fact]
    public async Task A_full_disk_ends_it_with_the_folder_and_the_reason_and_the_same_command_goes_on_to_the_same_end()
    {
        var folder = Directory.CreateDirectory(replay.FileOf("full")).FullName;
        var settings = SqliteStore.ConnectionStringOf(Path.Combine(folder, "journal.db"));
        string[] command = ["replay", "--input", replay.FileOf("shop.ndjson"), "--data-dir", folder, .. replay.Learner];

        // 320 KB and no more, of a journal that needs a multiple: a bound of each connection that this process will use.
        var connections = Enumerable.Range(0, 24).Select(_ => new SqliteConnection(settings)).ToList();
        foreach (var connection in connections)
        {
            connection.Open();
            using var bound = connection.CreateCommand();
            bound.CommandText = "PRAGMA max_page_count = 80";
            bound.ExecuteNonQuery();
        }

        connections.ForEach(connection => connection.Dispose());
        var (code, error) = await RunAsync(command);
        Assert.Equal(1, code);
        Assert.Equal(
            $"aptrl: {folder} cannot be written (SQLite Error 13: 'database or disk is full'.): make room, and the same command goes on from here",
            error.TrimEnd().Split('\n')[^1]);

        using (var any = new SqliteConnection(settings))
        {
            SqliteConnection.ClearPool(any);
        }

        (code, error) = await RunAsync(command);
        Assert.True(code == 0, error);
        var (calm, full) = (ReplayedRun.Of(replay.Folder), ReplayedRun.Of(folder));
        Assert.Equal(calm.Outcome, full.Outcome);
        Assert.Equal(calm.Decisions, full.Decisions);
    }

    private static async Task<(int Code, string Error)> RunAsync(string[] command)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.RunAsync(new RootCommand { ReplayCommand.Create() }, command, new InvocationConfiguration { Output = output, Error = error });
        return (code, $"{error}");
    }
}
