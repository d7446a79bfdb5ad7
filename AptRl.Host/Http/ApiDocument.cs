using AptRl.Host.Http.Contracts;
using Microsoft.AspNetCore.OpenApi;

namespace AptRl.Host.Http;

/// <summary>What /openapi/v1.json says beyond what the routes say of themselves.</summary>
internal static class ApiDocument
{
    public static void Describe(OpenApiOptions options)
        => options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "AptRl";
            document.Info.Version = "v1";
            document.Info.Description = "Real-time personalization: send events, ask for slates, read what was decided and why.";

            // The address a document was fetched from is not where every reader of it finds the server.
            document.Servers?.Clear();
            return Task.CompletedTask;
        });

    /// <summary>The problems that a route answers with, by status.</summary>
    public static RouteHandlerBuilder Refuses(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses)
    {
        foreach (var status in statuses)
        {
            route.Produces<Problem>(status, Problems.ContentType);
        }

        return route;
    }
}
