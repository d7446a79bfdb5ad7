using System.Reflection;
using AptRl.Host.Access;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Learning;
using Microsoft.AspNetCore.Http.HttpResults;

namespace AptRl.Host.Http;

/// <summary>What this server is, and what the caller may do: what a dashboard asks first.</summary>
internal static class About
{
    public static readonly string Version =
        typeof(About).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";

    public static void MapAbout(this WebApplication app)
        => app.MapGet("/v1/about", Tell).WithName("about").WithSummary("What this server is, and what the caller's key lets it do.")
            .Produces<AboutAnswer>().Refuses(401, 429).NeedsAnyKey();

    private static JsonHttpResult<AboutAnswer> Tell(HttpContext http, ApiKeys keys, ScenarioNames scenarios, EventClock clock)
    {
        var key = KeyCheck.KeyOf(http);
        return TypedResults.Json(
            new AboutAnswer(
                Version, keys.AreNeeded, key?.Name, ScopeNames.Of(key?.Scopes ?? Scopes.Admin | Scopes.Ingest | Scopes.Recommend),
                scenarios.All, clock.Now, clock.IsSimulated),
            WireJson.Web.AboutAnswer);
    }
}
