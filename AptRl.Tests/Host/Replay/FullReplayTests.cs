using System.CommandLine;
using AptRl.Host.Commands;
using AptRl.Tests.Support;
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
        var journal = Path.Combine(folder, "journal.db");
        string[] command = ["replay", "--input", replay.FileOf("shop.ndjson"), "--data-dir", folder, .. replay.Learner];

        // 320 KB, of a journal that needs a multiple.
        SqliteRoom.Leave(journal, pages: 80);
        var (code, error) = await RunAsync(command);
        Assert.Equal(1, code);
        Assert.Equal(
            $"aptrl: {folder} cannot be written (SQLite Error 13: 'database or disk is full'.): make room, and the same command goes on from here",
            error.TrimEnd().Split('\n')[^1]);

        SqliteRoom.Make(journal);
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
