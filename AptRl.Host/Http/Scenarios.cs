using System.Globalization;
using AptRl.Actors.Hosting;
using AptRl.Host.Configuration;
using AptRl.Host.Http.Contracts;
using AptRl.Model.Events;
using AptRl.Model.Exploration;
using AptRl.Model.Learning;
using AptRl.Model.Policies;

namespace AptRl.Host.Http;

/// <summary>The places in the shop, and what each has learned.</summary>
internal static class Scenarios
{
    public static void MapScenarios(this WebApplication app)
        => app.MapGet("/v1/scenarios", ListAsync).WithName("scenarios").WithSummary("The scenarios that are configured, with what each has learned.")
            .Produces<ScenariosAnswer>().Refuses(401, 403, 429, 503);

    private static async Task<IResult> ListAsync(HttpContext http, IPersonalizer personalizer)
        => TypedResults.Json(
            new ScenariosAnswer([.. (await personalizer.ScenariosAsync(http.RequestAborted)).Select(view => new ScenarioBody(
                view.Id.Value, view.Kind, view.CountMax, view.PolicyVersion, view.ModelVersion,
                view.Decisions, view.Rewards, view.Lessons, view.Updates, view.PolicyHash,
                view.Options is { } its ? ScenarioSettings.LearnerNames[(int)its.Learner.Kind] : null,
                view.Options is { } explores ? NameOf(explores) : null,
                view.Options is { Learner.Rewards: var table } ? string.Create(CultureInfo.InvariantCulture, $"{table.Name} {table.Version}") : null,
                view.Options?.Learner.Discount,
                view.PolicyAge?.TotalMilliseconds))]),
            WireJson.Web.ScenariosAnswer);

    // The actor draws by its own softmax, whatever rule is set for values.
    private static string NameOf(ScenarioOptions options)
        => Explorations.NameOf(options.Learner.Kind is LearnerKind.ActorCritic ? ExplorationKind.Softmax : options.Exploring.Kind);
}
