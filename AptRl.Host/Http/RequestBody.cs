using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using AptRl.Model.Events;
using Microsoft.AspNetCore.Http.Features;

namespace AptRl.Host.Http;

/// <summary>Reads what a request carries, or refuses it with the place of the fault.</summary>
internal static class RequestBody
{
    /// <summary>Decompresses what comes compressed, within the bound of a body, and refuses what it cannot decompress.</summary>
    public static void UseDecompression(this WebApplication app)
    {
        app.UseRequestDecompression();

        // What was decompressed has lost the header; the library passes the rest on as it came.
        app.Use((http, next) => http.Request.Headers.ContentEncoding is { Count: > 0 } encoding && encoding != "identity"
            ? Problems.WriteAsync(http, StatusCodes.Status415UnsupportedMediaType, "wrong_content_encoding",
                $"Content-Encoding '{encoding}' is not known: send gzip, br, deflate or none")
            : next(http));
    }

    /// <exception cref="RefusedException">It is not JSON of this shape.</exception>
    public static async ValueTask<T> ReadAsync<T>(HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted)
                ?? throw new RefusedException(StatusCodes.Status400BadRequest, "malformed_json", "the body is null: send a JSON object");
        }
        catch (JsonException error)
        {
            // The exception's own text names our types; the place is what helps the caller.
            throw new RefusedException(StatusCodes.Status400BadRequest, "malformed_json",
                $"line {error.LineNumber + 1}, byte {error.BytePositionInLine + 1}, at {error.Path ?? "$"}: "
                + "not valid JSON, a value of the wrong type, or a member this route does not know: see /openapi/v1.json for what it takes");
        }
    }

    /// <exception cref="RefusedException">It cannot be an id.</exception>
    public static string Id(string? value, string what, string code)
        => Identifier.Fault(value, what) is { } fault
            ? throw new RefusedException(StatusCodes.Status422UnprocessableEntity, code, fault)
            : value!;

    /// <summary>How many are asked for.</summary>
    /// <exception cref="RefusedException">It is no number in 1 to <paramref name="max"/>.</exception>
    public static int Count(string? value, int missing, int max)
        => value is null ? missing
            : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= max ? count
            : throw new RefusedException(StatusCodes.Status422UnprocessableEntity, "bad_count",
                $"n '{(value.Length > 32 ? value[..32] : value)}' is not in 1 to {max}");

    /// <summary>The id in the path, its slashes included.</summary>
    /// <remarks>
    /// Routing leaves %2F as it is and decodes everything else, so that a route value cannot be told from an id that
    /// holds the text "%2F". The raw target can.
    /// </remarks>
    public static string IdInPath(HttpContext http, string what)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var path = target.AsSpan(target.IndexOf("/v1/", StringComparison.OrdinalIgnoreCase));
        var segments = path[..(path.IndexOf('?') is >= 0 and var query ? query : path.Length)].ToString().Split('/');
        return Id(Uri.UnescapeDataString(segments[3]), what, "bad_id");
    }
}
