using System.Globalization;
using System.Text.Json;
using AptRl.Model.Events;

namespace AptRl.Host.Bench;

/// <summary>Page views that ask for a slate.</summary>
internal sealed class RecommendTraffic(BenchShop shop, BenchOptions options, Clicks clicks) : ITraffic
{
    private Chance _chance = new Chance(options.Seed).Split("recommend");
    private long _number;

    public string Path => "/v1/recommend";

    public Shot Next()
    {
        var user = shop.DrawUser(ref _chance);
        var body = Json.Write(json =>
        {
            json.WriteString("user"u8, user);
            json.WriteNumber("n"u8, options.SlateLength);
            json.WriteString("requestId"u8, string.Create(CultureInfo.InvariantCulture, $"bench-{options.Seed}-{_number}"));
        });
        _number++;
        return new RecommendShot(body, user, _chance.Next(options.SlateLength), shop, options.SlateLength, clicks);
    }
}

/// <summary>Asks for a slate; right are exactly n different items of the catalogue, in order, with possible propensities.</summary>
internal sealed class RecommendShot(byte[] body, string user, int clicked, BenchShop shop, int slateLength, Clicks clicks) : Shot(body)
{
    protected override string? FaultIn(ReadOnlySpan<byte> answer)
    {
        string? id = null;
        var slate = new List<int>(slateLength);
        string? fault = null;
        var reader = new Utf8JsonReader(answer);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("recommendationId"u8))
            {
                reader.Read();
                id = reader.GetString();
            }
            else if (reader.ValueTextEquals("items"u8))
            {
                reader.Read();
                fault = ReadSlate(ref reader, slate);
            }
            else
            {
                reader.Skip();
            }
        }

        fault ??= string.IsNullOrEmpty(id) ? "the answer has no recommendationId"
            : slate.Count != slateLength ? $"{slate.Count} items were recommended, {slateLength} were asked for"
            : null;
        if (fault is null)
        {
            clicks.Offer(new ShownItem(user, id!, slate[clicked], clicked));
        }

        return fault;
    }

    private string? ReadSlate(ref Utf8JsonReader reader, List<int> slate)
    {
        string? fault = null;
        while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
        {
            fault = ReadItem(ref reader, slate) ?? fault;
        }

        return fault;
    }

    private string? ReadItem(ref Utf8JsonReader reader, List<int> slate)
    {
        var (item, position, propensity) = (-1, -1, double.NaN);
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("itemId"u8))
            {
                reader.Read();
                item = shop.TryItem(reader.ValueSpan, out var known) ? known : -1;
            }
            else if (reader.ValueTextEquals("position"u8))
            {
                reader.Read();
                position = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("propensity"u8))
            {
                reader.Read();
                propensity = reader.GetDouble();
            }
            else
            {
                reader.Skip();
            }
        }

        var fault = item < 0 ? "an item that is not in the catalogue was recommended"
            : slate.Contains(item) ? $"{BenchShop.NameOf(item)} was recommended twice in one slate"
            : position != slate.Count ? $"position {position} stands where {slate.Count} should"
            : propensity is not (> 0 and <= 1) ? string.Create(CultureInfo.InvariantCulture, $"propensity {propensity} is not in (0, 1]")
            : null;
        slate.Add(item);
        return fault;
    }
}
