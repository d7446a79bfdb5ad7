using AptRl.Actors.Hosting;
using AptRl.Actors.Versions;
using AptRl.Host.Configuration;
using AptRl.Host.Http.Contracts;
using AptRl.Host.Versions;
using AptRl.Model.Encoding;
using AptRl.Model.Versions;

namespace AptRl.Host.Http;

/// <summary>The encoders of the data folder. A change is durable when it is answered, and takes over at the next start.</summary>
internal static class VersionRoutes
{
    private const string NextStart = "at the next start";

    public static void MapVersions(this WebApplication app)
    {
        app.MapGet("/v1/versions", ListAsync).WithName("versions").WithSummary("The encoders that the data folder knows, and which one serves.")
            .Produces<VersionsAnswer>().Refuses(401, 403, 429, 503);
        app.MapPost("/v1/versions/{id}/promote", PromoteAsync).WithName("promoteVersion").WithSummary("Makes a version the one that serves, from the next start on.")
            .Produces<VersionsAnswer>().Refuses(401, 403, 404, 422, 429, 503);
        app.MapPost("/v1/versions/{id}/rollback", RollBackAsync).WithName("rollBackVersion").WithSummary("Returns from this version to the one that served before it, from the next start on.")
            .Produces<VersionsAnswer>().Refuses(401, 403, 404, 422, 429, 503);
    }

    private static Task<IResult> ListAsync(HttpContext http, IPersonalizer personalizer, ServeOptions options)
        => AnswerAsync(http, personalizer, new VersionFolder(options.DataDir).Read());

    private static Task<IResult> PromoteAsync(HttpContext http, string id, IPersonalizer personalizer, ServeOptions options, TimeProvider clock)
    {
        var folder = new VersionFolder(options.DataDir);
        var version = Find(folder, id);
        using (EncoderModel.Load(folder.FileOf(version)))
        {
            return AnswerAsync(http, personalizer, Change(folder, versions => versions.Promote(version, clock.GetUtcNow())));
        }
    }

    private static Task<IResult> RollBackAsync(HttpContext http, string id, IPersonalizer personalizer, ServeOptions options, TimeProvider clock)
    {
        var folder = new VersionFolder(options.DataDir);
        var version = Find(folder, id);

        // Named by what it leaves, so that a request that is sent again does not return a second time.
        return AnswerAsync(http, personalizer, Change(folder, versions => versions.Active == version
            ? versions.RollBack(clock.GetUtcNow())
            : throw new ArgumentException($"version {version} does not serve, {versions.Active} does: there is nothing to return from")));
    }

    private static async Task<IResult> AnswerAsync(HttpContext http, IPersonalizer personalizer, EncoderVersions? versions)
    {
        var serving = (await personalizer.ScenariosAsync(http.RequestAborted))[0].ModelVersion;

        // A folder with one encoder has no versions until a second one is added.
        return TypedResults.Json(
            versions is null ? new VersionsAnswer(serving, serving, null, [], []) : new VersionsAnswer(
                serving, versions.Active, serving == versions.Active ? null : NextStart,
                [.. versions.Versions.Select(version => new VersionBody(version.Id, VersionsJson.StateOf(versions, version), version.AddedAt))],
                [.. versions.History.Select(promotion => new PromotionBody(promotion.Id, promotion.At, promotion.IsRollback ? "rollback" : "promotion"))]),
            WireJson.Web.VersionsAnswer);
    }

    private static string Find(VersionFolder folder, string id)
        => Known(folder.Read()).Find(id)?.Id
            ?? throw new RefusedException(StatusCodes.Status404NotFound, "unknown_version", $"'{id}' names none of the versions, or more than one: GET /v1/versions lists them");

    private static EncoderVersions Known(EncoderVersions? versions)
        => versions ?? throw new RefusedException(StatusCodes.Status404NotFound, "no_versions", "the data folder has no versions: add one with 'aptrl versions add'");

    private static EncoderVersions Change(VersionFolder folder, Func<EncoderVersions, EncoderVersions> change)
    {
        try
        {
            return folder.Change(versions => change(Known(versions)));
        }
        catch (ArgumentException fault)
        {
            throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "version_refused", fault.Message);
        }
    }
}
