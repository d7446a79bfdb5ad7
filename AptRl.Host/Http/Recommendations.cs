using System.Globalization;
using AptRl.Actors.Hosting;
using AptRl.Host.Access;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Learning;
using AptRl.Model.Events;
using AptRl.Model.Ingest;
using Microsoft.AspNetCore.Http.HttpResults;
using EventId = AptRl.Model.Events.EventId;

namespace AptRl.Host.Http;

/// <summary>Slates asked for, audited and rewarded.</summary>
internal static class Recommendations
{
    private const int RecentDefault = 20;

    public static void MapRecommendations(this WebApplication app)
    {
        app.MapPost("/v1/recommend", RecommendAsync).WithName("recommend").WithSummary("A slate from the scenario's candidates.")
            .Accepts<RecommendBody>("application/json").Produces<RecommendAnswer>()
            .Refuses(400, 401, 403, 404, 413, 415, 422, 429, 503).Needs(Scopes.Recommend);
        app.MapPost("/v1/rank", RankAsync).WithName("rank").WithSummary("A slate from the caller's candidates.")
            .Accepts<RankBody>("application/json").Produces<RecommendAnswer>()
            .Refuses(400, 401, 403, 404, 413, 415, 422, 429, 503).Needs(Scopes.Recommend);
        app.MapGet("/v1/recommendations/{id}", AuditAsync).WithName("audit").WithSummary("A decision: what it was made from, what came of it.")
            .Produces<RecommendationAudit>().Refuses(401, 403, 404, 429, 503);
        app.MapGet("/v1/recommendations/{id}/origin", OriginAsync).WithName("origin")
            .WithSummary("The window that a decision was made from, and the publications that have learned from it; read back from the journals.")
            .Produces<OriginAnswer>().Refuses(401, 403, 404, 429, 503);
        app.MapGet("/v1/recommendations", Recent).WithName("recentRecommendations").WithSummary("The newest decisions of this node; ?n=20.")
            .Produces<RecentAnswer>().Refuses(401, 403, 422, 429);
        app.MapPost("/v1/recommendations/{id}/reward", RewardAsync).WithName("reward").WithSummary("What the user did about a recommendation.")
            .Accepts<RewardBody>("application/json").Produces<EventResult>()
            .Refuses(400, 401, 403, 404, 413, 415, 422, 429, 503).Needs(Scopes.Ingest);
    }

    private static async Task<IResult> RecommendAsync(HttpContext http, DecisionDesk desk)
        => await desk.DecideAsync(http, (await RequestBody.ReadAsync(http, WireJson.Web.RecommendBody)).AsRank());

    private static async Task<IResult> RankAsync(HttpContext http, DecisionDesk desk)
    {
        var body = await RequestBody.ReadAsync(http, WireJson.Web.RankBody);
        return body.Candidates is null or []
            ? Problems.Of(422, "missing_candidates", "candidates is empty: name the items to rank, or let the scenario choose with /v1/recommend")
            : await desk.DecideAsync(http, body);
    }

    private static async Task<IResult> AuditAsync(HttpContext http, string id, IPersonalizer personalizer)
        => await FindAsync(http, id, personalizer) is { } found
            ? TypedResults.Json(Wire.Audit(found.Decision, found.Rewards), WireJson.Web.RecommendationAudit)
            : Unknown(id);

    private static async Task<IResult> RewardAsync(HttpContext http, string id, IPersonalizer personalizer, DecisionDesk desk, EventDesk events)
    {
        var body = await RequestBody.ReadAsync(http, WireJson.Web.RewardBody);
        var kind = KindOf(body.Type);
        if (await FindAsync(http, id, personalizer) is not { Decision: var decision })
        {
            return Unknown(id);
        }

        var position = PositionOf(decision, body);
        var item = decision.Slate[position].Item;

        // Derived, so that a retry of a reward without an id is a duplicate and counts once.
        var eventId = body.Id is null
            ? string.Create(CultureInfo.InvariantCulture, $"reward-{decision.Id.Key:x16}-{KindNames.Of(kind)}-{position}")
            : RequestBody.Id(body.Id, "id", "bad_id");
        var interaction = new Interaction(
            new EventId(eventId), decision.User, kind, desk.TimeOf(body.Time), [item],
            value: body.Value, recommendationId: decision.Id.Value, position: position);
        return await events.AnswerOneAsync(http, interaction);
    }

    private static async Task<IResult> OriginAsync(HttpContext http, string id, JournalDesk desk)
    {
        if (!DecisionId.TryParse(id, out var parsed))
        {
            return Unknown(id);
        }

        var (answered, origin) = await desk.TryAsync(() => desk.Origins.ReadAsync(parsed, http.RequestAborted));
        return !answered ? Problems.Busy(http, JournalDesk.BusyReason)
            : origin is null ? Unknown(id)
            : TypedResults.Json(
                new OriginAnswer(
                    [.. origin.Window.Select(Wire.Touch)], origin.WindowHash, origin.FactsBefore,
                    [.. origin.Lessons.Select(lesson => new LearnedBody(lesson.By?.Value, lesson.Entry, lesson.Publication))], origin.IsWhole),
                WireJson.Web.OriginAnswer);
    }

    private static JsonHttpResult<RecentAnswer> Recent(RecentDecisions recent, string? n)
        => TypedResults.Json(
            new RecentAnswer([.. recent.Newest(RequestBody.Count(n, RecentDefault, RecentDecisions.CountMax)).Select(decision => new RecentDecision(
                decision.Id.Value, decision.User.Value, decision.Scenario.Value, decision.At, decision.Policy, decision.PolicyVersion,
                [.. decision.Slate.Select(shown => shown.Item.Value)], decision.Slate.Any(shown => shown.Explored)))]),
            WireJson.Web.RecentAnswer);

    private static InteractionKind KindOf(string? type)
        => KindNames.TryParse(type, out var kind) && Interaction.NeedsItem(kind) || kind is InteractionKind.Purchase or InteractionKind.Refund
            ? kind
            : throw new RefusedException(422, type is null ? "missing_type" : "unknown_type",
                $"type '{(type?.Length > 64 ? type[..64] : type)}' says nothing about an item: send one such as select_item, add_to_cart, purchase or dismiss");

    private static int PositionOf(Decision decision, RewardBody body)
    {
        var position = body switch
        {
            { ItemId: { } item } => decision.PositionOf(new ItemId(RequestBody.Id(item, "itemId", "bad_id"))),
            { Position: { } sent } => sent,
            _ => throw new RefusedException(422, "missing_item", "neither itemId nor position is given: say which item of the slate is meant"),
        };
        return position >= 0 && position < decision.Slate.Length && (body.Position ?? position) == position
            ? position
            : throw new RefusedException(422, "not_in_slate", string.Create(CultureInfo.InvariantCulture,
                $"item '{body.ItemId}' at position {body.Position} was not shown by this recommendation, which has positions 0 to {decision.Slate.Length - 1}: see GET /v1/recommendations/{decision.Id}"));
    }

    private static Task<DecisionView?> FindAsync(HttpContext http, string id, IPersonalizer personalizer)
        => DecisionId.TryParse(id, out var parsed) ? personalizer.FindAsync(parsed, http.RequestAborted) : Task.FromResult<DecisionView?>(null);

    private static IResult Unknown(string id)
        => Problems.Of(404, "unknown_recommendation",
            $"no recommendation '{(id.Length <= 100 ? id : id[..100] + "…")}' is remembered: each user's newest ones are; GET /v1/users/{{id}} lists them");
}
