using System.Globalization;
using AptRl.Actors.Inspection;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Learning;
using AptRl.Model.Events;

namespace AptRl.Host.Http;

/// <summary>What a user would be shown by an earlier policy, rebuilt from the journal, beside that of now.</summary>
internal static class TimeTravels
{
    private const int CountDefault = 6;
    private const int CountMax = 20;

    public static void MapTimeTravels(this WebApplication app)
        => app.MapGet("/v1/time-travel", GoAsync).WithName("timeTravel")
            .WithSummary("The slate of ?user= by the policy of publication ?version=, and by that of now; ?scenario=, ?n=6.")
            .Produces<TimeTravelAnswer>().Refuses(401, 403, 422, 429, 503);

    private static async Task<IResult> GoAsync(
        HttpContext http, JournalDesk desk, ScenarioNames scenarios, EventClock clock, string? user, string? version, string? scenario, string? n)
    {
        var request = new TimeTravelRequest(
            new UserId(RequestBody.Id(user, "user", user is null ? "missing_user" : "bad_id")),
            scenarios.Find(scenario),
            long.TryParse(version, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
                : throw Refused($"version '{(version?.Length > 32 ? version[..32] : version)}' is not the number of a publication: GET /v1/scenarios tells the newest"),
            RequestBody.Count(n, CountDefault, CountMax),
            clock.Now);
        try
        {
            var (answered, travel) = await desk.TryAsync(() => desk.Machine.GoAsync(request, _ => { }, http.RequestAborted));
            return answered ? TypedResults.Json(AnswerOf(request, travel!), WireJson.Web.TimeTravelAnswer) : Problems.Busy(http, JournalDesk.BusyReason);
        }
        catch (NoSuchPastException error)
        {
            throw Refused(error.Message);
        }
    }

    private static TimeTravelAnswer AnswerOf(TimeTravelRequest request, TimeTravel travel) => new(
        request.User.Value, request.Scenario.Value, SlateOf(travel.Then, travel.ThenFacts), SlateOf(travel.Now, travel.Facts),
        travel.Facts, travel.Lessons, travel.UserFacts, travel.RebuiltHash, travel.LiveHash, travel.IsEqual,
        Math.Round(travel.Elapsed.TotalMilliseconds, 1));

    private static PastSlate SlateOf(Decision decision, long facts) => new(
        decision.PolicyVersion, facts, Wire.SlateOf(decision),
        [.. decision.Candidates.Select(candidate => new ScoredCandidate(candidate.Item.Value, candidate.Score))]);

    private static RefusedException Refused(string detail) => new(StatusCodes.Status422UnprocessableEntity, "bad_version", detail);
}
