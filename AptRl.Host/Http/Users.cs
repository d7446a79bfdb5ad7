using System.Text.Json;
using Akka.Actor;
using AptRl.Actors.Hosting;
using AptRl.Actors.Inspection;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Learning;
using AptRl.Model.Events;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AptRl.Host.Http;

/// <summary>What is known of a user: shown, exported, deleted.</summary>
internal static class Users
{
    private const int SearchDefault = 20;

    private static readonly byte[] NewLine = [(byte)'\n'];

    public static void MapUsers(this WebApplication app)
    {
        app.MapGet("/v1/users", Search).WithName("searchUsers").WithSummary("Users whose names begin with ?search=; ?n=20.")
            .Produces<UserSearchAnswer>().Refuses(401, 403, 422, 429);
        app.MapGet("/v1/users/{id}", FindAsync).WithName("user").WithSummary("What is known of a user.")
            .Produces<UserAnswer>().Refuses(401, 403, 404, 422, 429, 503);
        app.MapDelete("/v1/users/{id}", DeleteAsync).WithName("deleteUser").WithSummary("Deletes a user's journal, snapshots and window.")
            .Produces(StatusCodes.Status204NoContent).Refuses(401, 403, 404, 422, 429, 503);
        app.MapGet("/v1/users/{id}/window", WindowAsync).WithName("window").WithSummary("The window that the encoder sees.")
            .Produces<WindowAnswer>().Refuses(401, 403, 404, 422, 429, 503);
        app.MapGet("/v1/users/{id}/segment", SegmentAsync).WithName("segment").WithSummary("The segment that the user belongs to, among users who were here of late.")
            .Produces<UserSegmentAnswer>().Refuses(401, 403, 404, 422, 429, 503);
        app.MapGet("/v1/users/{id}/export", ExportAsync).WithName("exportUser").WithSummary("Everything the journal holds of a user, one JSON object a line.")
            .Produces<ExportLine>(200, "application/x-ndjson").Refuses(401, 403, 404, 422, 429, 503);
    }

    private static JsonHttpResult<UserSearchAnswer> Search(JournalUsers users, string? search, string? n)
    {
        var count = RequestBody.Count(n, SearchDefault, JournalUsers.CountMax - 1);
        var found = users.Find(search is null or "" ? "" : RequestBody.Id(search, "search", "bad_search"), count + 1);
        return TypedResults.Json(new UserSearchAnswer([.. found.Take(count).Select(user => user.Value)], found.Count > count), WireJson.Web.UserSearchAnswer);
    }

    private static async Task<IResult> FindAsync(HttpContext http, IPersonalizer personalizer)
    {
        var user = UserOf(http);
        return await personalizer.UserAsync(user, http.RequestAborted) is { } view
            ? TypedResults.Json(
                new UserAnswer(
                    view.User.Value, view.Window.Count, view.Sessions, view.Accepted, view.Late, view.RewardsJoined, view.DecisionCount,
                    [.. view.RecentDecisions.Select(id => id.Value)], view.WindowHash),
                WireJson.Web.UserAnswer)
            : Unknown(user);
    }

    private static async Task<IResult> WindowAsync(HttpContext http, IPersonalizer personalizer)
    {
        var user = UserOf(http);
        return await personalizer.UserAsync(user, http.RequestAborted) is { } view
            ? TypedResults.Json(
                new WindowAnswer(
                    view.User.Value, view.WindowHash,
                    [.. view.Window.Select(Wire.Touch)]),
                WireJson.Web.WindowAnswer)
            : Unknown(user);
    }

    private static async Task<IResult> SegmentAsync(HttpContext http, IPersonalizer personalizer, LiveSegments segments, EventClock clock)
    {
        var user = UserOf(http);
        if (await personalizer.UserAsync(user, http.RequestAborted) is not { } view)
        {
            return Unknown(user);
        }

        var (segment, users, fault) = await segments.OfAsync([.. view.Window], clock.Now, http.RequestAborted);
        return TypedResults.Json(
            new UserSegmentAnswer(user.Value, segment is null ? null : new SegmentBody(segment.Name, segment.Users, segment.Share), users, fault),
            WireJson.Web.UserSegmentAnswer);
    }

    private static async Task<IResult> DeleteAsync(HttpContext http, IPersonalizer personalizer)
    {
        var user = UserOf(http);
        return await personalizer.DeleteAsync(user, http.RequestAborted) ? TypedResults.NoContent() : Unknown(user);
    }

    private static async Task<IResult> ExportAsync(HttpContext http, IPersonalizer personalizer, ActorSystem system)
    {
        var user = UserOf(http);
        if (await personalizer.UserAsync(user, http.RequestAborted) is null)
        {
            return Unknown(user);
        }

        http.Response.ContentType = "application/x-ndjson";
        await foreach (var fact in personalizer.Export(user).RunAsAsyncEnumerable(system).WithCancellation(http.RequestAborted))
        {
            JsonSerializer.Serialize(new Utf8JsonWriter(http.Response.BodyWriter), Wire.Export(fact), WireJson.Web.ExportLine);
            await http.Response.BodyWriter.WriteAsync(NewLine, http.RequestAborted);
        }

        return TypedResults.Empty;
    }

    private static UserId UserOf(HttpContext http) => new(RequestBody.IdInPath(http, "user id"));

    private static IResult Unknown(UserId user)
        => Problems.Of(404, "unknown_user", $"nothing is known of user '{user}': a user is known from the first event or recommendation on");
}
