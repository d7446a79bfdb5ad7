using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using AptRl.Actors.Telemetry;
using AptRl.Host.Hosting;
using AptRl.Host.Telemetry;
using AptRl.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AptRl.Tests.Host.Telemetry;

[Collection("Torch")]
public sealed class TraceTests
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task A_request_and_its_reward_are_one_trace_from_HTTP_to_the_journals()
    {
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name is Spans.SourceName or "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => options.Parent.TraceId.ToString() == Trace ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                if (span.TraceId.ToString() == Trace)
                {
                    spans.Enqueue(span);
                }
            },
        };
        ActivitySource.AddActivityListener(listener);

        var folder = Directory.CreateTempSubdirectory("aptrl-traces-");
        await using var collector = await Collector.StartAsync();
        var builder = AptRlHost.CreateBuilder(options => options with { Urls = "http://127.0.0.1:0", DataDir = folder.FullName, Otlp = collector.Url });
        builder.Logging.AddFilter("AptRl", LogLevel.Debug);
        AptRlHost.AddPersonalizer(builder);
        string id;
        await using (var app = await AptRlHost.StartAsync(builder, TestContext.Current.CancellationToken))
        {
            using var client = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
            await PostAsync(client, "/v1/items", """{"items":[{"id":"boot"},{"id":"hat"}]}""", parent: null);
            await PostAsync(client, "/v1/recommend", """{"user":"ann","n":2,"requestId":"page-1","time":"2026-03-01T12:00:00Z"}""", "b7ad6b7169203331");
            await UntilAsync(() => Count(Spans.Publish) == 1 && Count(Spans.Learn) == 1);
            id = AptRl.Model.Events.DecisionId.For(Sample.Ann, Sample.Home, "page-1").Value;
            await PostAsync(client, $"/v1/recommendations/{id}/reward", """{"type":"select_item","position":1,"time":"2026-03-01T12:00:30Z"}""", "c7ad6b7169203332");
            await UntilAsync(() => Count(Spans.Publish) == 2 && Count(Spans.Learn) == 2 && spans.Count(span => span.Kind is ActivityKind.Server) == 2);

            Assert.Equal(
                """
                b7ad6b7169203331
                  POST /v1/recommend
                    aptrl.recommend
                      aptrl.user.recommend Decided
                        aptrl.decide
                        aptrl.encode
                        aptrl.journal.write DecisionMade
                        aptrl.learn Taken
                          aptrl.journal.write LessonsLearned
                          aptrl.publish
                c7ad6b7169203332
                  POST /v1/recommendations/{id}/reward
                    aptrl.observe Accepted
                      aptrl.user.observe Accepted
                        aptrl.journal.write InteractionAccepted
                        aptrl.learn Taken
                          aptrl.journal.write LessonsLearned
                          aptrl.publish

                """, Tree(spans), ignoreLineEndingDifferences: true);
            var answered = spans.Single(span => span.OperationName == Spans.Recommend);
            Assert.Equal(("ann", "home", id), ((string?)answered.GetTagItem("aptrl.user"), (string?)answered.GetTagItem("aptrl.scenario"), (string?)answered.GetTagItem("aptrl.decision")));
            Assert.Equal(id, spans.Single(span => span.OperationName == Spans.Observe).GetTagItem("aptrl.decision"));

            var records = new List<LogRecord>();
            await foreach (var one in app.Services.GetRequiredService<RecentLog>().ReadAsync(LogLevel.Debug, RecentLog.CountMax, follow: false, TestContext.Current.CancellationToken))
            {
                records.Add(one);
            }

            var record = Assert.Single(records, one => (string?)one.Ids["Decision"] == id);
            Assert.Equal((Trace, "ann"), (record.TraceId, (string?)record.Ids["User"]));
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        Assert.True(collector.Holds("traces", Convert.FromHexString(Trace), Encoding.UTF8.GetBytes(Spans.Write)), "spans");
        Assert.True(collector.Holds("metrics", "aptrl.stage.duration", "aptrl.decisions"), "metrics");
        Assert.True(collector.Holds("logs", Convert.FromHexString(Trace), Encoding.UTF8.GetBytes($"decision {id} of user ann")), "log records");
        folder.Delete(recursive: true);

        int Count(string name) => spans.Count(span => span.OperationName == name);
    }

    [Fact]
    public void Without_a_listener_there_is_no_span_and_nothing_is_allocated()
    {
        Assert.Null(Spans.Start(Spans.Recommend));
        Work();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Work();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void Work()
        {
            for (var i = 0; i < 100; i++)
            {
                var span = Spans.Start(Spans.Recommend);
                var inner = Spans.Start(Spans.Encode, Spans.TraceOf(span));
                Spans.End(Spans.StartWrite(Spans.TraceOf(inner), "a fact"));
                Spans.End(inner);
                Spans.End(span);
            }
        }
    }

    [Fact]
    public void An_actors_span_leaves_what_was_current_as_it_was()
    {
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == Spans.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
        };
        ActivitySource.AddActivityListener(listener);
        using var others = new Activity("of another message").Start();

        var span = Spans.Start(Spans.Learn, $"00-{Trace}-b7ad6b7169203331-01");
        Assert.Equal(("b7ad6b7169203331", others), (span!.ParentSpanId.ToString(), Activity.Current));
        others.Stop();
        using var later = new Activity("of a later message").Start();
        Spans.End(span, "Taken");
        Assert.Same(later, Activity.Current);
    }

    // Names below their parents, brothers by name; what is sent from outside has no name here but its id.
    private static string Tree(IReadOnlyCollection<Activity> spans)
    {
        var text = new StringBuilder();
        var known = spans.Select(span => span.SpanId).ToHashSet();
        foreach (var root in spans.Select(span => span.ParentSpanId).Where(parent => !known.Contains(parent)).Distinct().OrderBy(parent => parent.ToString(), StringComparer.Ordinal))
        {
            text.Append(root).Append('\n');
            Below(root, "  ");
        }

        return text.ToString();

        void Below(ActivitySpanId parent, string indent)
        {
            foreach (var span in spans.Where(span => span.ParentSpanId == parent).OrderBy(span => span.DisplayName, StringComparer.Ordinal))
            {
                text.Append(indent).Append($"{span.DisplayName} {span.GetTagItem("aptrl.fact")}{span.GetTagItem("aptrl.outcome")}".TrimEnd()).Append('\n');
                Below(span.SpanId, indent + "  ");
            }
        }
    }

    private static async Task PostAsync(HttpClient client, string path, string body, string? parent)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (parent is not null)
        {
            request.Headers.Add("traceparent", $"00-{Trace}-{parent}-01");
        }

        using var answer = await client.SendAsync(request, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        for (var i = 0; !reached() && i < 500; i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
