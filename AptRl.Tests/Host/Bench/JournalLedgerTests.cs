using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;
using AptRl.Host.Bench;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using MyShop;
using Xunit;

namespace AptRl.Tests.Host.Bench;

/// <summary>A ledger that could not show a loss would prove nothing.</summary>
[Collection("Torch")]
public sealed class JournalLedgerTests
{
    [Fact]
    public async Task A_ledger_balances_and_shows_what_was_lost_and_what_is_there_twice()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var folder = Directory.CreateTempSubdirectory("aptrl-ledger-").FullName;
        var kept = new Ledger();
        using (var host = EmbeddedShop.Create(folder))
        {
            await host.StartAsync(cancellation);
            var personalizer = host.Services.GetRequiredService<IPersonalizer>();
            await personalizer.UpsertAsync([.. "abc".Select(name => new Item(Sample.Item($"{name}"), true, []))], cancellation);
            var decision = (await personalizer.RecommendAsync(new RecommendRequest(Sample.Ann, Sample.Home, "page", Sample.Noon, 2, [], []), cancellation)).Decision!;
            await personalizer.ObserveAsync(Sample.At(1, "click", decision.Slate[0].Item.Value, InteractionKind.SelectItem, decision.Id.Value), cancellation);
            await host.StopAsync(cancellation);
            kept.SendsRequest();
            kept.AnsweredDecision(decision.Id.Value);
            kept.SendsEvent("ann", "click");
            kept.AnsweredEvent("ann", "click");
        }

        using var store = new SqliteStore(folder, Durability.Process);
        Assert.Equal(new LedgerReport(2, 2, 3, 0, 0, 1, 1, 1, 1), await JournalLedger.CompareAsync(kept, store, cancellation));

        // Two were answered that are nowhere, one was sent and not answered.
        kept.SendsEvent("bob", "lost");
        kept.AnsweredEvent("bob", "lost");
        kept.AnsweredDecision("lost");
        kept.SendsEvent("bob", "never answered");
        Assert.Equal(new LedgerReport(4, 4, 3, 2, 0, 1, 1, 1, 1), await JournalLedger.CompareAsync(kept, store, cancellation));

        // The click a second time; then every entry of the learner: each of its lessons, and the reward.
        Again(folder, "IA");
        Assert.Equal(new LedgerReport(4, 4, 3, 2, 1, 1, 1, 1, 1), await JournalLedger.CompareAsync(kept, store, cancellation));
        Again(folder, "LL");
        var doubled = await JournalLedger.CompareAsync(kept, store, cancellation);
        Assert.Equal((2, 2), (doubled.Lost, doubled.RewardsLearned));
        Assert.True(doubled.Doubled >= 1 + 2 + 1, $"{doubled.Doubled} doubled: the click, at least two lessons, one reward");
        SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    private static void Again(string folder, string manifest)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            INSERT INTO journal (persistence_id, sequence_number, deleted, created, tags, message, identifier, manifest, writer_uuid)
            SELECT persistence_id, sequence_number + 100, deleted, created, tags, message, identifier, manifest, writer_uuid FROM journal WHERE manifest = $manifest
            """;
        command.Parameters.AddWithValue("$manifest", manifest);
        command.ExecuteNonQuery();
    }
}
