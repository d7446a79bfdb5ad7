using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host;

public sealed class HttpContractTests(HttpServer server) : IClassFixture<HttpServer>
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>One shopper's way through every route, in the order in which a shop would take it.</summary>
    [Fact]
    public async Task The_main_answers_are_as_approved()
    {
        // A server of its own: what the other tests put into theirs would stand in the answers.
        await using var alone = await HttpServer.StartAsync(options => options);
        var log = new StringBuilder();
        await Post("/v1/items", """{"items":[{"id":"a","categories":["shoes"],"price":59.9},{"id":"b"},{"id":"c"},{"id":"sold-out","available":false}]}""");
        await Get("/v1/items/a");
        await Post("/v1/events", """{"id":"e1","type":"view_item","user":"ann","time":"2026-03-01T11:59:00Z","itemId":"a"}""");
        await Post("/v1/events", """
            [{"id":"e1","type":"view_item","user":"ann","time":"2026-03-01T11:59:00Z","itemId":"a"},
             {"id":"e2","type":"purchase","user":"ann","time":"2026-03-01T11:59:30Z","items":["a","b"],"value":80},
             {"id":"e3","type":"view_item","user":"ann","time":"2026-02-01T12:00:00Z","itemId":"c"},
             {"id":"e4","type":"wobble","user":"ann","time":"2026-03-01T11:59:40Z","itemId":"c"}]
            """);
        await Post("/v1/events", """{"id":"e5","type":"view_item","time":"2026-03-01T11:59:00Z","itemId":"a"}""");
        var slate = await Post("/v1/recommend", """{"user":"ann","n":2,"requestId":"r1","explain":true,"exclude":["b"]}""");
        await Post("/v1/rank", """{"user":"ann","scenario":"home","n":1,"requestId":"r2","candidates":["x","y","z"],"time":"2026-03-01T13:00:00+01:00"}""");
        var id = (string)slate["recommendationId"]!;
        await Post($"/v1/recommendations/{id}/reward", """{"type":"select_item","position":1}""");
        await Get($"/v1/recommendations/{id}");
        await Get("/v1/users/ann");
        await Get("/v1/users/ann/window");
        await Get("/v1/users/ann/export");
        await Get("/v1/scenarios");
        await Delete("/v1/users/ann");
        await Get("/v1/users/ann");
        await Get("/health/live");
        await Get("/health/ready");

        ApprovedFile.Check("http-answers.txt", log.ToString());

        async Task<JsonNode> Post(string path, string body)
        {
            log.Append("POST ").Append(path).Append('\n').Append(body).Append('\n');
            return Log(await alone.PostAsync(path, body));
        }

        async Task Get(string path)
        {
            log.Append("GET ").Append(path).Append('\n');
            Log(await alone.GetAsync(path));
        }

        async Task Delete(string path)
        {
            log.Append("DELETE ").Append(path).Append('\n');
            Log(await HttpAnswer.OfAsync(await alone.Client.DeleteAsync(path, TestContext.Current.CancellationToken)));
        }

        JsonNode Log(HttpAnswer answer)
        {
            log.Append("-> ").Append(answer.Status).Append(' ').Append(answer.ContentType).Append('\n');
            foreach (var line in answer.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                log.Append(JsonNode.Parse(line)!.ToJsonString(Indented)).Append('\n');
            }

            log.Append('\n');
            return answer.Text.Length > 0 && answer.ContentType != "application/x-ndjson" ? answer.Json : new JsonObject();
        }
    }

    [Fact]
    public async Task The_open_api_document_lists_every_route_with_its_bodies_and_statuses()
    {
        var document = (await server.GetAsync("/openapi/v1.json")).Json;
        var lines = new List<string>();
        foreach (var (path, methods) in document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                var takes = operation!["requestBody"]?["content"]?.AsObject().Select(body => $"{body.Key} {TypeOf(body.Value)}") ?? [];
                var gives = operation["responses"]!.AsObject().Select(answer =>
                    $"{answer.Key} {string.Join(", ", answer.Value!["content"]?.AsObject().Select(body => $"{body.Key} {TypeOf(body.Value)}") ?? [])}".TrimEnd());
                lines.Add($"{method.ToUpperInvariant()} {path}\n{string.Concat(takes.Select(take => $"  takes {take}\n"))}{string.Concat(gives.Select(give => $"  gives {give}\n"))}");
            }
        }

        lines.Sort(StringComparer.Ordinal);
        ApprovedFile.Check("http-routes.txt", string.Join('\n', lines));

        static string TypeOf(JsonNode? body) => ((string?)body?["schema"]?["$ref"])?.Split('/')[^1] ?? "";
    }

    [Fact]
    public async Task A_repeated_request_id_gets_the_same_decision_and_none_gets_a_new_one_each_time()
    {
        const string Repeated = """{"user":"bob","requestId":"page-1"}""";
        var first = (await server.PostAsync("/v1/recommend", Repeated)).Json["recommendationId"]!.ToString();
        var second = (await server.PostAsync("/v1/recommend", Repeated)).Json["recommendationId"]!.ToString();
        var third = (await server.PostAsync("/v1/recommend", """{"user":"bob"}""")).Json["recommendationId"]!.ToString();
        var fourth = (await server.PostAsync("/v1/recommend", """{"user":"bob"}""")).Json["recommendationId"]!.ToString();

        Assert.Equal(first, second);
        Assert.Equal(3, new[] { first, third, fourth }.Distinct().Count());
    }

    [Fact]
    public async Task A_reward_sent_twice_counts_once()
    {
        var slate = await server.PostAsync("/v1/rank", """{"user":"cat","candidates":["a","b"]}""");
        var path = $"/v1/recommendations/{slate.Json["recommendationId"]}/reward";

        var first = await server.PostAsync(path, """{"type":"click","itemId":"a"}""");
        var again = await server.PostAsync(path, """{"type":"select_item","position":0}""");
        var other = await server.PostAsync(path, """{"type":"add_to_cart","itemId":"a"}""");

        Assert.Equal(["accepted", "duplicate", "accepted"], new[] { first, again, other }.Select(answer => (string)answer.Json["status"]!));
    }

    [Fact]
    public async Task A_batch_keeps_each_users_order_while_users_go_side_by_side()
    {
        var lines = Enumerable.Range(0, 400).Select(i =>
            $$"""{"id":"{{i}}","type":"view_item","user":"order-{{i % 8}}","time":"2026-03-01T11:00:00Z","itemId":"a"}""");
        var answer = await server.PostAsync("/v1/events", string.Join('\n', lines), "application/x-ndjson");

        Assert.Equal(400, (int)answer.Json["accepted"]!);
        Assert.Equal(Enumerable.Range(1, 400), answer.Json["results"]!.AsArray().Select(result => (int)result!["line"]!));
        var seen = server.Personalizer.Seen.Where(e => e.User.Value.StartsWith("order-", StringComparison.Ordinal)).ToArray();
        Assert.All(seen.GroupBy(e => e.User), user => Assert.Equal(
            user.Select(e => int.Parse(e.Id.Value, System.Globalization.CultureInfo.InvariantCulture)).Order(),
            user.Select(e => int.Parse(e.Id.Value, System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("application/cloudevents+json", """{"specversion":"1.0","id":"c1","source":"/shop","type":"com.shop.view_item","time":"2026-03-01T11:00:00Z","data":{"user":"dan","itemId":"a"}}""", 1)]
    [InlineData("application/cloudevents-batch+json", """[{"specversion":"1.0","id":"c2","source":"/shop","type":"view_item","time":"2026-03-01T11:00:00Z","data":{"user":"dan","itemId":"a"}},{"specversion":"1.0","id":"c3","source":"/shop","type":"view_item","time":"2026-03-01T11:00:00Z","data":{"user":"dan","itemId":"a"}}]""", 2)]
    [InlineData("application/json; charset=utf-8", """{"id":"c4","type":"search","user":"dan","time":1772362800,"query":"red shoes","anything":{"else":true}}""", 1)]
    public async Task Events_come_in_the_formats_that_shops_have(string contentType, string body, int accepted)
    {
        var answer = await server.PostAsync("/v1/events", body, contentType);
        Assert.Equal(accepted, (int)answer.Json["accepted"]!);
    }

    [Fact]
    public async Task An_id_with_a_slash_or_a_percent_sign_is_found_again()
    {
        foreach (var id in new[] { "team/ann", "50%2Foff", "ü ?#&+" })
        {
            await server.PostAsync("/v1/items", $$"""{"items":[{"id":"{{id}}"}]}""");
            var found = await server.GetAsync("/v1/items/" + Uri.EscapeDataString(id));
            Assert.Equal(id, (string)found.Json["id"]!);
        }
    }

    [Fact]
    public async Task Metrics_count_events_and_decisions_and_time_each_route()
    {
        await server.PostAsync("/v1/events", """{"id":"m1","type":"wobble","user":"eve","time":"2026-03-01T11:00:00Z","itemId":"a"}""");
        await server.PostAsync("/v1/recommend", """{"user":"eve"}""");
        var text = (await server.GetAsync("/metrics")).Text;

        Assert.Contains("aptrl_events_total{", text, StringComparison.Ordinal);
        Assert.Contains("code=\"unknown_type\"", text, StringComparison.Ordinal);
        Assert.Contains("aptrl_decisions_total{", text, StringComparison.Ordinal);
        Assert.Contains("http_route=\"/v1/recommend\"", text, StringComparison.Ordinal);
        Assert.Contains("le=\"0.015\"", text, StringComparison.Ordinal);
    }
}
