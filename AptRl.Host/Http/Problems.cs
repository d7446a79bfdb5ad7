using System.Globalization;
using Akka.Actor;
using AptRl.Host.Http.Contracts;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.WebUtilities;

namespace AptRl.Host.Http;

/// <summary>Every error as RFC 9457 problem details, with a code for programs and the way out for people.</summary>
internal static class Problems
{
    public const string ContentType = "application/problem+json";

    public static IResult Of(int status, string code, string detail)
        => TypedResults.Json(Body(status, code, detail), WireJson.Web.Problem, ContentType, status);

    /// <summary>A bound was met: 503, to be sent again after a second.</summary>
    public static IResult Busy(HttpContext http, string detail)
    {
        http.Response.Headers.RetryAfter = "1";
        return Of(StatusCodes.Status503ServiceUnavailable, "busy", detail);
    }

    public static Task WriteAsync(HttpContext http, int status, string code, string detail)
        => Of(status, code, detail).ExecuteAsync(http);

    /// <summary>Turns what was thrown, and statuses without a body, into problems.</summary>
    public static void UseProblems(this WebApplication app)
    {
        app.UseExceptionHandler(new ExceptionHandlerOptions
        {
            ExceptionHandler = http => OfException(http, http.Features.GetRequiredFeature<IExceptionHandlerFeature>().Error),
            SuppressDiagnosticsCallback = context => IsCallers(context.Exception),
            AllowStatusCode404Response = true,
        });
        app.UseStatusCodePages(context => OfStatus(context.HttpContext));
    }

    private static bool IsCallers(Exception error) => error is RefusedException or BadHttpRequestException or InvalidDataException;

    private static Task OfException(HttpContext http, Exception error)
    {
        var limit = http.RequestServices.GetRequiredService<Configuration.ServeOptions>().BodyBytesMax;
        switch (error)
        {
            case RefusedException refused:
                return WriteAsync(http, refused.Status, refused.Code, refused.Message);
            case BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge }:
                return WriteAsync(http, StatusCodes.Status413PayloadTooLarge, "body_too_large", string.Create(
                    CultureInfo.InvariantCulture,
                    $"the body has more than {limit} bytes, counted after decompression: send it in parts, or raise AptRl:BodyBytesMax"));
            case BadHttpRequestException bad:
                return WriteAsync(http, bad.StatusCode, "bad_request", $"{bad.Message} Send the request again, whole.");
            case InvalidDataException:
                return WriteAsync(http, StatusCodes.Status400BadRequest, "bad_encoding",
                    "the compressed body is damaged or cut short: send it whole, or without compression");
            case AskTimeoutException or TimeoutException:
                return Busy(http, "no answer within the time allowed; nothing is known to be lost: send the request again").ExecuteAsync(http);
            default:
                return WriteAsync(http, StatusCodes.Status500InternalServerError, "internal",
                    $"the server failed; its log has the cause under trace {http.TraceIdentifier}");
        }
    }

    private static Task OfStatus(HttpContext http)
    {
        var (status, request) = (http.Response.StatusCode, http.Request);
        return status switch
        {
            StatusCodes.Status404NotFound => WriteAsync(http, status, "unknown_route",
                $"there is no {request.Path}: the routes are listed in /openapi/v1.json"),
            StatusCodes.Status405MethodNotAllowed => WriteAsync(http, status, "wrong_method",
                $"{request.Method} is not allowed on {request.Path}: use {http.Response.Headers.Allow}"),
            StatusCodes.Status415UnsupportedMediaType => WriteAsync(http, status, "wrong_content_type",
                $"'{request.ContentType ?? "no content type"}' is not read by {request.Path}: see /openapi/v1.json for what is"),
            _ => WriteAsync(http, status, "refused", $"{ReasonPhrases.GetReasonPhrase(status)}: see /openapi/v1.json for what this route takes"),
        };
    }

    private static Problem Body(int status, string code, string detail)
        => new($"urn:aptrl:{code}", ReasonPhrases.GetReasonPhrase(status), status, detail, code);
}
