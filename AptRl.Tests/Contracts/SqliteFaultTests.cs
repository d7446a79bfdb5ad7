using AptRl.Actors.Persistence;
using AptRl.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AptRl.Tests.Contracts;

/// <summary>The fault contract over files.</summary>
public sealed class SqliteFaultTests : JournalFaultContract
{
    private string Journal => Path.Combine(Folder, "journal.db");

    [Fact]
    public async Task Where_it_is_full_nothing_is_answered_that_is_not_kept_and_with_room_again_it_goes_on_by_itself()
    {
        await StartAsync(askTimeout: TimeSpan.FromMinutes(1));
        await TakenAsync("/v1/items", Items("a", "b", "c"));
        var page = await TakenAsync("/v1/recommend", Page("ann", 0));
        SqliteRoom.Leave(Journal, pages: 1);
        var number = 0;
        HttpAnswer answer;
        while ((answer = await PostAsync("/v1/events", View($"u{number % 3}", number))).Status == 200)
        {
            Count(View($"u{number % 3}", number));
            Assert.True(++number < 2_000, "it is never full");
        }

        // And many at once: what counts failures must not turn everybody away afterwards.
        AssertBusy(answer);
        await Task.WhenAll(Enumerable.Range(0, 40).Select(more => BusyAsync("/v1/events", View($"full-{more}", 1))));
        await BusyAsync("/v1/recommend", Page("full-0", 1));
        await BusyAsync("/v1/events", Click("ann", 1, page));
        SqliteRoom.Make(Journal);
        await TakenAsync("/v1/events", View($"u{number % 3}", number), "accepted");
        await TakenAsync("/v1/events", View("full-0", 1), "accepted");
        await TakenAsync("/v1/events", Click("ann", 1, page), "accepted");
        await TakenAsync("/v1/events", Click("ann", 1, page), "duplicate");
        await BalancedAsync(decisions: 1, rewards: 1);
    }

    protected override PostgresOptions? NewDatabase() => null;

    protected override void Fail(string writers)
        => Run($"CREATE TRIGGER fault BEFORE INSERT ON journal WHEN NEW.persistence_id LIKE '{writers}' BEGIN SELECT RAISE(ABORT, 'it fails'); END");

    protected override void Heal() => Run("DROP TRIGGER fault");

    protected override IDisposable Hold()
    {
        var connection = Open();
        Run(connection, "BEGIN IMMEDIATE");
        return connection;
    }

    private void Run(string sql)
    {
        using var connection = Open();
        Run(connection, sql);
    }

    private static void Run(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private SqliteConnection Open()
    {
        var connection = new SqliteConnection($"Data Source={Journal};Pooling=false");
        connection.Open();
        return connection;
    }
}
