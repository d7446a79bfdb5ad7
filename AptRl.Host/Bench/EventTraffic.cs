using System.Globalization;
using System.Text.Json;
using AptRl.Model.Events;
using AptRl.Model.Ingest;

namespace AptRl.Host.Bench;

/// <summary>What shoppers do: they view, put in the cart, buy, and click on what was recommended.</summary>
/// <remarks>Each user comes once, one after another, before users are drawn: a shop's shoppers are mostly there already.</remarks>
internal sealed class EventTraffic(BenchShop shop, BenchOptions options, Clicks clicks, TimeProvider clock) : ITraffic
{
    private Chance _chance = new Chance(options.Seed).Split("events");
    private readonly HashSet<(string User, int Item)> _seen = [];
    private long _number;
    private int _arrived;

    public string Path => "/v1/events";

    public Shot Next()
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"bench-{options.Seed}-{_number++}");
        var shown = default(ShownItem);
        var isClick = _chance.NextDouble() < options.ClickShare && TryTakeUnseen(out shown);
        var user = isClick ? shown.User : _arrived < shop.Users ? BenchShop.UserOf(_arrived++) : shop.DrawUser(ref _chance);
        var item = isClick ? shown.Item : shop.DrawItem(ref _chance);
        var kind = isClick ? InteractionKind.SelectItem : DrawKind();
        _seen.Add((user, item));
        var body = Json.Write(json =>
        {
            json.WriteString("id"u8, id);
            json.WriteString("user"u8, user);
            json.WriteString("type"u8, KindNames.Of(kind));
            json.WriteString("time"u8, clock.GetUtcNow());
            json.WriteStartArray("items"u8);
            json.WriteStringValue(BenchShop.NameOf(item));
            json.WriteEndArray();
            if (isClick)
            {
                json.WriteString("recommendationId"u8, shown.RecommendationId);
                json.WriteNumber("position"u8, shown.Position);
            }
        });
        return new EventShot(body, id, isClick);
    }

    // What the user viewed unasked may have earned the reward already, and then no second one is due.
    private bool TryTakeUnseen(out ShownItem shown)
    {
        while (clicks.TryTake(out shown))
        {
            if (!_seen.Contains((shown.User, shown.Item)))
            {
                return true;
            }
        }

        return false;
    }

    private InteractionKind DrawKind() => _chance.NextDouble() switch
    {
        < .85 => InteractionKind.ViewItem,
        < .95 => InteractionKind.AddToCart,
        _ => InteractionKind.Purchase,
    };
}

/// <summary>Sends one event; right is that it, and nothing else, was accepted, and that a click earned its reward.</summary>
internal sealed class EventShot(byte[] body, string id, bool isClick) : Shot(body)
{
    protected override string? FaultIn(ReadOnlySpan<byte> answer)
    {
        var accepted = 0;
        var results = 0;
        string? fault = null;
        var reader = new Utf8JsonReader(answer);
        reader.Read();
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("accepted"u8))
            {
                reader.Read();
                accepted = reader.GetInt32();
            }
            else if (reader.ValueTextEquals("results"u8))
            {
                reader.Read();
                while (reader.Read() && reader.TokenType is JsonTokenType.StartObject)
                {
                    results++;
                    fault = ReadResult(ref reader) ?? fault;
                }
            }
            else
            {
                reader.Skip();
            }
        }

        return fault ?? (accepted == 1 && results == 1 ? null : $"{accepted} accepted in {results} results, one event was sent");
    }

    private string? ReadResult(ref Utf8JsonReader reader)
    {
        string? answered = null;
        var isAccepted = false;
        var rewards = 0;
        while (reader.Read() && reader.TokenType is JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("id"u8))
            {
                reader.Read();
                answered = reader.GetString();
            }
            else if (reader.ValueTextEquals("status"u8))
            {
                reader.Read();
                isAccepted = reader.ValueTextEquals("accepted"u8);
            }
            else if (reader.ValueTextEquals("rewardsJoined"u8))
            {
                reader.Read();
                rewards = reader.GetInt32();
            }
            else
            {
                reader.Skip();
            }
        }

        return answered != id ? $"the answer is about event \"{answered}\", \"{id}\" was sent"
            : !isAccepted ? $"event {id} was not accepted"
            : isClick && rewards != 1 ? $"click {id} on a recommended item earned {rewards} rewards, one is due"
            : null;
    }
}
