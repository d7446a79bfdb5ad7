using System.Text.Json.Nodes;
using AptRl.Host.Commands;

namespace AptRl.Host.Bench;

/// <summary>One bench against a server that is ready: fills its catalogue, warms it up, measures it.</summary>
internal sealed class BenchRun(Uri server, BenchOptions options, TimeProvider clock)
{
    private const int ItemsPerRequest = 1_000;
    private const int CategoryCount = 20;

    /// <summary>What was wrong, the first of each kind; empty where nothing was.</summary>
    public IReadOnlyList<string> Faults { get; private set; } = [];

    /// <summary>Puts the items of the bench into the server's catalogue.</summary>
    /// <exception cref="UserErrorException">The server did not take them.</exception>
    public async Task FillCatalogueAsync(IProgress<double>? progress, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = server };
        for (var from = 0; from < options.Catalogue; from += ItemsPerRequest)
        {
            var count = Math.Min(ItemsPerRequest, options.Catalogue - from);
            using var body = new ByteArrayContent(ItemsBody(from, count));
            body.Headers.ContentType = new("application/json");
            using var response = await http.PostAsync(new Uri("/v1/items", UriKind.Relative), body, cancellation);
            var upserted = response.IsSuccessStatusCode
                ? (int?)(await response.Content.ReadFromJsonAsync<JsonObject>(cancellation))?["upserted"]
                : throw new UserErrorException(
                    $"the server did not take the catalogue: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync(cancellation)}");
            if (upserted != count)
            {
                throw new UserErrorException($"the server took {upserted} items, {count} were sent");
            }

            progress?.Report((double)(from + count) / options.Catalogue);
        }
    }

    /// <summary>Warms up and measures. Peak memory is left for who owns the process.</summary>
    public async Task<BenchReport> MeasureAsync(IProgress<double>? warmingUp, IProgress<double>? measuring, CancellationToken cancellation)
    {
        var shop = new BenchShop(options.Users, options.Catalogue);
        var clicks = new Clicks();
        ITraffic[] traffics = [new RecommendTraffic(shop, options, clicks), new EventTraffic(shop, options, clicks, clock)];
        LatencyLog[] warmUp = [new(), new()];
        LatencyLog[] measured = [new(), new()];
        using var load = new OpenLoad(server, clock);
        await load.RunAsync(traffics, warmUp, options.RatePerSecond, options.WarmUp, isClimbing: true, warmingUp, cancellation);
        var elapsed = await load.RunAsync(traffics, measured, options.RatePerSecond, options.Duration, isClimbing: false, measuring, cancellation);

        Faults = [.. warmUp.Concat(measured).SelectMany(log => log.Faults)];
        return new BenchReport(
            StreamReport.Of(measured[0], warmUp[0], options.RatePerSecond, elapsed),
            StreamReport.Of(measured[1], warmUp[1], options.RatePerSecond, elapsed),
            PeakMemoryMb: null);
    }

    private static byte[] ItemsBody(int from, int count) => Json.Write(json =>
    {
        json.WriteStartArray("items"u8);
        for (var item = from; item < from + count; item++)
        {
            json.WriteStartObject();
            json.WriteString("id"u8, BenchShop.NameOf(item));
            json.WriteStartArray("categories"u8);
            json.WriteStringValue($"category-{item % CategoryCount}");
            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });
}
