using System.Globalization;
using AptRl.Actors.Hosting;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Telemetry;
using AptRl.Model.Events;

namespace AptRl.Host.Http;

/// <summary>Passes events on and words the answers: shared by the events and the rewards of recommendations.</summary>
internal sealed class EventDesk(IPersonalizer personalizer, HostMetrics metrics)
{
    public static RefusedException TooMany(int count, int max, string what)
        => new(StatusCodes.Status413PayloadTooLarge, "batch_too_large", string.Create(CultureInfo.InvariantCulture,
            $"{count} {what} in one request, at most {max} are allowed: send several requests, or raise AptRl:BatchMax"));

    public static InteractionKind KindOf(string? type)
        => Enum.GetValues<InteractionKind>().FirstOrDefault(kind => Wire.NameOf(kind) == type) is var known && known != default
            ? known
            : throw new RefusedException(422, "unknown_type", $"type '{type}' is not known: send one such as select_item, add_to_cart, purchase or dismiss");

    public async Task<EventResult> ObserveAsync(int index, Interaction interaction, CancellationToken cancellation)
    {
        var observed = await personalizer.ObserveAsync(interaction, cancellation);
        var status = observed.Status switch
        {
            ObserveStatus.Accepted => "accepted",
            ObserveStatus.Duplicate => "duplicate",
            ObserveStatus.Late => "late",
            _ => "busy",
        };
        metrics.Event(status, null, observed.RewardsJoined);
        return new EventResult(index, observed.Id.Value, status, observed.RewardsJoined);
    }

    public async Task<IResult> AnswerOneAsync(HttpContext http, Interaction interaction)
        => await ObserveAsync(0, interaction, http.RequestAborted) is { Status: not "busy" } result
            ? TypedResults.Json(result, WireJson.Default.EventResult)
            : Problems.Busy(http, "the event was not kept, because a bound was met: send it again");
}
