using System.Text;
using AptRl.Actors.Operators;

namespace AptRl.Host.Http;

/// <summary>The node's end of <c>aptrl console</c>; its commands are an administrator's.</summary>
internal static class Consoles
{
    public const string Route = "/v1/console";

    public static void MapConsole(this WebApplication app)
    {
        app.MapGet(Route, (OperatorDesk desk) => TypedResults.Text(OperatorWire.Describe(desk), "application/json"))
            .WithName("consoleCommands").WithSummary("The operators' commands that this node knows, for help and completion.")
            .Produces(200, contentType: "application/json").Refuses(401, 403, 429)
            .RequireRateLimiting(Limits.Operators);
        app.MapPost(Route, RunAsync).WithName("console").WithSummary("Carries out an operator's command; each answer is a line.")
            .Produces(200, contentType: "application/x-ndjson").Refuses(401, 403, 413, 415, 429)
            .RequireRateLimiting(Limits.Operators);
    }

    private static async Task<IResult> RunAsync(HttpContext http, OperatorDesk desk, IHostApplicationLifetime lifetime)
    {
        // Pages of other sites can send plain text anywhere, and no JSON.
        if (!http.Request.HasJsonContentType())
        {
            return Problems.Of(StatusCodes.Status415UnsupportedMediaType, "wrong_content_type", "a command is sent as application/json: {\"words\":[\"cluster\",\"show\"]}");
        }

        using var reader = new StreamReader(http.Request.Body, Encoding.UTF8);
        var command = await reader.ReadToEndAsync(http.RequestAborted);
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted, lifetime.ApplicationStopping);
        http.Response.ContentType = "application/x-ndjson";
        await http.Response.StartAsync(ended.Token);
        await foreach (var line in OperatorWire.RunAsync(desk, command, ended.Token))
        {
            await http.Response.WriteAsync(line + "\n", ended.Token);
            await http.Response.Body.FlushAsync(ended.Token);
        }

        return TypedResults.Empty;
    }
}
