using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using Akka.Actor;
using AptRl.Host.Kafka;
using AptRl.Host.Telemetry;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace AptRl.Tests.Host.Kafka;

/// <summary>What the intake makes of messages, over a personalizer in memory.</summary>
public sealed class KafkaIntakeTests : IAsyncLifetime
{
    private readonly KafkaCluster _cluster = new(("events", 4), ("decisions", 4), ("events.dead", 1));
    private readonly ActorSystem _system = ActorSystem.Create("kafka", "akka.loglevel = WARNING");
    private readonly InMemoryPersonalizer _personalizer = new();
    private readonly ConcurrentQueue<Settled> _settled = new();
    private readonly List<KafkaProducer> _producers = [];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _system.Terminate();
        _producers.ForEach(producer => producer.Dispose());
        _cluster.Dispose();
    }

    [Fact]
    public async Task Events_of_every_mode_are_taken_once_a_decision_after_each_is_keyed_by_user_and_the_next_run_goes_on_behind_them()
    {
        await _cluster.SendAsync("events", "ann", Plain("e1", "ann", 1));
        var cloud = new CloudEvent
        {
            Id = "c2", Source = new Uri("/shop", UriKind.Relative), Type = "view_item", Time = Sample.Noon.AddMinutes(2), DataContentType = "application/json",
            Data = new Dictionary<string, string> { ["user"] = "ann", ["itemId"] = "b" },
        };
        var structured = new JsonEventFormatter().EncodeStructuredModeMessage(cloud, out _).ToArray();
        await _cluster.SendAsync("events", "ann", structured, ("content-type", "application/cloudevents+json; charset=utf-8"));
        await _cluster.SendAsync(
            "events", "ann", """{"user":"ann","itemId":"c"}""",
            ("ce_specversion", "1.0"), ("ce_id", "c3"), ("ce_source", "/shop"), ("ce_type", "view_item"), ("ce_time", "2026-06-01T12:03:00Z"), ("content-type", "application/json"));
        await _cluster.SendAsync("events", "ann", Plain("e1", "ann", 1));

        var run = Start();
        await UntilAsync(4);
        await run();
        Assert.Equal([Settled.Taken, Settled.Taken, Settled.Taken, Settled.Duplicate], _settled);
        Assert.Equal(["e1", "/shop#c2", "/shop#c3"], _personalizer.Seen.Take(3).Select(interaction => interaction.Id.Value));
        Assert.Equal(["a", "b", "c"], _personalizer.Seen.Take(3).Select(interaction => interaction.Items[0].Value));
        Assert.Equal(Sample.Noon.AddMinutes(3), _personalizer.Seen.ElementAt(2).At);
        Assert.Equal(4, _cluster.Committed("aptrl", "events", 4));

        var decisions = _cluster.Read("decisions", 4);
        Assert.All(decisions, decision => Assert.Equal("ann", decision.Message.Key));
        Assert.Single(decisions.Select(decision => decision.Partition.Value).Distinct());
        var ids = decisions.Select(decision => Header(decision, "ce_id")).ToList();
        Assert.Equal(ids[0], ids[3]); // of the repeat the same again
        Assert.Equal(3, ids.Distinct().Count());
        Assert.Equal(("1.0", "aptrl.decision.v1", "/aptrl/home", "ann"), (Header(decisions[0], "ce_specversion"), Header(decisions[0], "ce_type"), Header(decisions[0], "ce_source"), Header(decisions[0], "ce_subject")));
        Assert.Equal(ids[0], (string?)JsonNode.Parse(decisions[0].Message.Value)!["recommendationId"]);

        await _cluster.SendAsync("events", "ann", Plain("e5", "ann", 5));
        run = Start();
        await UntilAsync(5);
        await run();
        Assert.Equal(5, _settled.Count);
    }

    [Fact]
    public async Task What_cannot_be_taken_goes_to_the_dead_letters_as_it_came_with_the_reason_and_holds_up_nothing()
    {
        await _cluster.SendAsync("events", "k1", "no json at all", ("trace", "t1"));
        await _cluster.SendAsync("events", "k2", """{"id":"x","type":"levitate","user":"u","time":"2026-06-01T12:00:00Z","itemId":"a"}""");
        await _cluster.SendAsync("events", "k3", (byte[]?)null);
        await _cluster.SendAsync("events", "k4", "{\"broken\":", ("ce_specversion", "1.0"), ("ce_id", "c"), ("ce_source", "/s"), ("ce_type", "view_item"));
        await _cluster.SendAsync("events", "late", Plain("now", "late", 60 * 48));
        await _cluster.SendAsync("events", "late", Plain("then", "late", 0));

        var run = Start();
        await UntilAsync(6);
        await run();
        Assert.Equal(5, _settled.Count(settled => settled is Settled.Dead));
        Assert.Equal(6, _cluster.Committed("aptrl", "events", 4));
        var dead = _cluster.Read("events.dead", 5).ToDictionary(letter => $"{letter.Message.Key} {Encoding.UTF8.GetString(letter.Message.Value ?? [])}");
        Assert.Equal(5, dead.Count);
        Assert.Equal("malformed_json", Header(dead["k1 no json at all"], "aptrl_code"));
        Assert.Equal(("t1", "events"), (Header(dead["k1 no json at all"], "trace"), Header(dead["k1 no json at all"], "aptrl_topic")));
        Assert.Contains("levitate", Header(dead.Single(letter => letter.Key.StartsWith("k2", StringComparison.Ordinal)).Value, "aptrl_reason"), StringComparison.Ordinal);
        Assert.Equal("malformed_json", Header(dead["k3 "], "aptrl_code"));
        Assert.Equal("malformed_json", Header(dead["k4 {\"broken\":"], "aptrl_code"));
        Assert.Equal("late", Header(dead.Single(letter => letter.Key.StartsWith("late", StringComparison.Ordinal)).Value, "aptrl_code"));
    }

    [Fact]
    public async Task Each_users_events_are_taken_in_order_and_no_more_are_under_way_than_allowed_while_the_journal_is_behind()
    {
        _personalizer.IsBusy = true;
        _cluster.SendAll("events", Enumerable.Range(0, 600).Select(n => ($"u{n % 12}", Plain($"e{n}", $"u{n % 12}", n / 12))));
        var run = Start(options => options with { InFlightMax = 16, Decisions = null });
        await Task.Delay(700, TestContext.Current.CancellationToken);
        Assert.Empty(_settled);
        Assert.Equal(0, _cluster.Committed("aptrl", "events", 4));
        Assert.InRange(_personalizer.Seen.DistinctBy(interaction => interaction.Id).Count(), 1, 16);

        _personalizer.IsBusy = false;
        _personalizer.Seen.Clear();
        await UntilAsync(600);
        await run();
        Assert.All(_settled, settled => Assert.Equal(Settled.Taken, settled));
        Assert.All(
            _personalizer.Seen.GroupBy(interaction => interaction.User),
            events => Assert.Equal(events.Select(interaction => interaction.At).Order(), events.Select(interaction => interaction.At)));
        Assert.Equal(600, _cluster.Committed("aptrl", "events", 4));
    }

    [Fact]
    public async Task A_broker_that_is_gone_and_comes_back_holds_up_and_loses_nothing()
    {
        _cluster.SendAll("events", Enumerable.Range(0, 200).Select(n => ($"u{n % 12}", Plain($"e{n}", $"u{n % 12}", n))));
        var run = Start();
        await UntilTakenAsync(50);
        _cluster.Leave();
        await Task.Delay(1_000, TestContext.Current.CancellationToken);
        _cluster.Return();
        await UntilTakenAsync(200);
        _cluster.SendAll("events", Enumerable.Range(200, 50).Select(n => ($"u{n % 12}", Plain($"e{n}", $"u{n % 12}", n))));
        await UntilTakenAsync(250);

        // An offset that the broker did not get is sent again by itself, not only as the member leaves.
        await UntilAsync(() => (int)_cluster.Committed("aptrl", "events", 4), 250);
        await run();
        Assert.Equal(250, _settled.Count(settled => settled is Settled.Taken));
        Assert.Equal(250, _cluster.Read("decisions", 250).DistinctBy(decision => Header(decision, "ce_id")).Count());
    }

    [Fact]
    public async Task While_dead_letters_are_not_taken_no_offset_behind_the_event_is_committed_and_when_they_are_it_goes_on_by_itself()
    {
        _cluster.Refuse("events.dead");
        await _cluster.SendAsync("events", "k", Plain("e0", "u0", 0));
        await _cluster.SendAsync("events", "k", "no json at all");
        _cluster.SendAll("events", Enumerable.Range(1, 40).Select(n => ("k", Plain($"e{n}", $"u{n}", n))));
        var log = new CountingLog("did not take a message");
        var run = Start(options => options with { InFlightMax = 8, Decisions = null }, log);
        await UntilAsync(() => log.Count, 5);
        await UntilAsync(() => (int)_cluster.Committed("aptrl", "events", 4), 1);
        Assert.Equal([Settled.Taken], _settled);
        Assert.InRange(_personalizer.Seen.Count, 1, 8);

        _cluster.Refuse("events.dead", ErrorCode.NoError);
        await UntilAsync(42);
        await run();
        Assert.Equal((1, 41), (_settled.Count(settled => settled is Settled.Dead), _settled.Count(settled => settled is Settled.Taken)));
        Assert.Equal(42, _cluster.Committed("aptrl", "events", 4));
        Assert.Equal("no json at all", Encoding.UTF8.GetString(Assert.Single(_cluster.Read("events.dead", 1)).Message.Value!));
    }

    [Fact]
    public async Task A_decision_after_each_event_comes_of_each_scenario_that_is_named()
    {
        await _cluster.SendAsync("events", "ann", Plain("e1", "ann", 1));
        _personalizer.Scenarios.Add(new ScenarioId("cart"));
        var run = Start(options => options with { Scenarios = [(Sample.Home, 2), (new ScenarioId("cart"), 1)] });
        await UntilAsync(1);
        await run();
        Assert.Equal(["/aptrl/home", "/aptrl/cart"], _cluster.Read("decisions", 2).Select(decision => Header(decision, "ce_source")));
    }

    [Fact]
    public void Settings_come_from_a_file_and_a_bad_line_is_told_without_what_is_in_it()
    {
        var file = Path.GetTempFileName();
        File.WriteAllText(file, "# ours\n\nsecurity.protocol = SASL_SSL\nsasl.password=a=b\n");
        Assert.Equal(
            new Dictionary<string, string> { ["security.protocol"] = "SASL_SSL", ["sasl.password"] = "a=b" }, KafkaOptions.ReadSettings(file));
        File.WriteAllText(file, "s3cret");
        var fault = Assert.Throws<AptRl.Host.Commands.UserErrorException>(() => KafkaOptions.ReadSettings(file));
        Assert.Equal($"line 1 of '{file}' is no name=value", fault.Message);
        File.Delete(file);
    }

    internal static string Plain(string id, string user, int minute)
        => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":"{{id}}","type":"view_item","user":"{{user}}","time":"{{Sample.Noon.AddMinutes(minute):yyyy-MM-ddTHH:mm:ssZ}}","itemId":"a"}""");

    private static string Header(ConsumeResult<string?, byte[]?> message, string name) => Encoding.UTF8.GetString(message.Message.Headers.GetLastBytes(name));

    // Returns how to stop it.
    private Func<Task> Start(Func<KafkaOptions, KafkaOptions>? change = null, ILogger? log = null)
    {
        var options = new KafkaOptions { Brokers = _cluster.Brokers, Events = "events", Decisions = "decisions", Scenarios = [(Sample.Home, 2)], FutureMax = TimeSpan.FromDays(10_000), Settings = KafkaCluster.Quick };
        options = change?.Invoke(options) ?? options;
        var producer = new KafkaProducer(options, TimeProvider.System, NullLogger.Instance);
        _producers.Add(producer);
        var intake = new KafkaIntake(options, _personalizer, producer, new RejectLog(TimeProvider.System), TimeProvider.System, log ?? NullLogger.Instance);
        var (stop, ended) = intake.Run(_system, _settled.Enqueue);
        return async () =>
        {
            stop.Shutdown();
            await ended;

            // The member leaves the group behind the stream's end.
            await Task.Delay(300, TestContext.Current.CancellationToken);
        };
    }

    private Task UntilAsync(int count) => UntilAsync(() => _settled.Count, count);

    private Task UntilTakenAsync(int count) => UntilAsync(() => _settled.Count(settled => settled is Settled.Taken), count);

    private static async Task UntilAsync(Func<int> done, int count)
    {
        for (var tries = 0; done() < count; tries++)
        {
            Assert.True(tries < 400, $"{done()} of {count} messages were settled");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private sealed class CountingLog(string text) : ILogger
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).Contains(text, StringComparison.Ordinal))
            {
                Interlocked.Increment(ref _count);
            }
        }
    }
}
