using System.Text;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Host.Hosting;
using AptRl.Host.Replay;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AptRl.Tests.Contracts;

/// <summary>A page of the journal, or snapshots, are damaged while nothing runs, or cannot be saved.</summary>
[Collection("Torch")]
public sealed class DamagedFileTests : IAsyncLifetime
{
    private const int PageBytes = 4_096;

    private static readonly UserId Bob = new("bob");

    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-damaged-").FullName;
    private EmbeddedAptRl? _aptRl;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private IPersonalizer Personalizer => _aptRl!.Personalizer;

    private string Journal => Path.Combine(_folder, "journal.db");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Who_has_facts_on_a_damaged_page_is_busy_and_all_others_go_on()
    {
        await StartAsync(snapshotEvery: 1_000);
        for (var number = 0; number < 60; number++)
        {
            await TakenAsync(Sample.Ann, number);
        }

        await TakenAsync(Bob, 0);
        await StopAsync();
        await TestCluster.UntilAsync(() => Task.FromResult(IsCarriedOver() ? null : "the write-ahead log is in use"));
        DamageAPageOf("user-ann");
        await StartAsync(snapshotEvery: 1_000);

        var (observed, recommended) = (Personalizer.ObserveAsync(View(Sample.Ann, 60), Cancellation), Personalizer.RecommendAsync(Page(Sample.Ann), Cancellation));
        Assert.Equal((ObserveStatus.Busy, Refusal.Busy), ((await observed).Status, (await recommended).Refusal));
        await TakenAsync(Bob, 1);
        await TakenAsync(new UserId("cid"), 0);
        Assert.Equal(2, (await Personalizer.UserAsync(Bob, Cancellation))!.Accepted);
        await TestCluster.UntilAsync(async () => (await Personalizer.RecommendAsync(Page(Bob), Cancellation)).Decision is null ? "Bob has no page" : null);
    }

    [Fact]
    public async Task Snapshots_that_cannot_be_read_are_done_without_and_all_is_known_as_before()
    {
        await StartAsync(snapshotEvery: 3);
        for (var number = 0; number < 7; number++)
        {
            await TakenAsync(Sample.Ann, number);
            await TakenAsync(Bob, number);
            await Personalizer.PublishAsync(Cancellation);
        }

        var before = await LiveState.ReadAsync(_aptRl!);
        await StopAsync();
        Assert.InRange(Run(Path.Combine(_folder, "snapshots.db"), "UPDATE snapshot SET snapshot = x'0102' WHERE persistence_id IN ('user-ann', 'user-bob', 'learner-home')"), 3, 9);
        await StartAsync(snapshotEvery: 3);

        Assert.Equal((2L, 14L), (before.Users, before.Accepted));
        Assert.Equal(before, await LiveState.ReadAsync(_aptRl!));
        await TakenAsync(Sample.Ann, 7);
    }

    [Fact]
    public async Task Snapshots_that_cannot_be_saved_hold_up_nobody_and_the_journal_has_all()
    {
        await StartAsync(snapshotEvery: 3);
        Run(Path.Combine(_folder, "snapshots.db"), "CREATE TRIGGER fault BEFORE INSERT ON snapshot BEGIN SELECT RAISE(ABORT, 'it fails'); END");
        for (var number = 0; number < 7; number++)
        {
            await TakenAsync(Sample.Ann, number);
        }

        await Personalizer.PublishAsync(Cancellation);
        var before = await LiveState.ReadAsync(_aptRl!);
        await StopAsync();
        await StartAsync(snapshotEvery: 3);
        Assert.Equal((1L, 7L), (before.Users, before.Accepted));
        Assert.Equal(before, await LiveState.ReadAsync(_aptRl!));
        Assert.Equal(0, Run(Path.Combine(_folder, "snapshots.db"), "UPDATE snapshot SET manifest = manifest"));
    }

    private static Interaction View(UserId user, int minute)
        => new(new EventId($"view-{minute}"), user, InteractionKind.ViewItem, Sample.Noon.AddMinutes(minute), [Sample.Item("a")]);

    private static RecommendRequest Page(UserId user) => new(user, Sample.Home, "page", Sample.Noon.AddHours(2), 2, [], []);

    // A machine that is slow for a moment may answer Busy, to anybody: that is sent again.
    private Task TakenAsync(UserId user, int minute) => TestCluster.UntilAsync(async () =>
        (await Personalizer.ObserveAsync(View(user, minute), Cancellation)).Status is ObserveStatus.Accepted or ObserveStatus.Duplicate ? null : $"{user} is busy");

    // A leaf of the table, not of an index, on which nobody else has anything: its first byte, which says what it is, is no such thing any more.
    private void DamageAPageOf(string writer)
    {
        using var file = File.Open(Journal, FileMode.Open, FileAccess.ReadWrite);
        var page = new byte[PageBytes];
        for (var at = 0L; at < file.Length; at += PageBytes)
        {
            file.Position = at;
            file.ReadExactly(page);
            if (page[0] == 13 && Holds(writer) && !Holds("learner-") && !Holds("catalogue") && !Holds("user-bob"))
            {
                file.Position = at;
                file.WriteByte(0xFF);
                return;
            }
        }

        Assert.Fail($"no page holds facts of {writer} alone");

        bool Holds(string text) => page.AsSpan().IndexOf(Encoding.UTF8.GetBytes(text)) >= 0;
    }

    // A pass over the log that was under way when the system ended may hold this one up.
    private bool IsCarriedOver()
    {
        using var connection = new SqliteConnection($"Data Source={Journal};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
        return command.ExecuteScalar() is 0L;
    }

    private static int Run(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=false");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteNonQuery();
    }

    // Lessons wait for a publication, so that the learner's facts do not lie between the users'.
    private async Task StartAsync(int snapshotEvery) => _aptRl = await EmbeddedAptRl.StartAsync(
        new AptRlOptions
        {
            DataDirectory = _folder,
            Model = EncoderModel.Fresh(new EncoderOptions(), [], seed: 1),
            AskTimeout = TimeSpan.FromSeconds(1.5),
            Users = new() { SnapshotEvery = snapshotEvery },
            Learner = new() { AgeMax = TimeSpan.FromMinutes(10), PublishEvery = TimeSpan.Zero, SnapshotEvery = 2 },
            FutureMax = null,
        },
        Cancellation);

    private async Task StopAsync()
    {
        if (_aptRl is not null)
        {
            await _aptRl.DisposeAsync();
            _aptRl = null;
        }

        // What idle connections remember of the files is not to stand between the damage and who reads it.
        foreach (var file in (string[])["journal.db", "snapshots.db"])
        {
            using var connection = new SqliteConnection(SqliteStore.ConnectionStringOf(Path.Combine(_folder, file)));
            SqliteConnection.ClearPool(connection);
        }
    }
}
