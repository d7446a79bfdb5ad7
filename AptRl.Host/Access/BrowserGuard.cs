using AptRl.Host.Http;

namespace AptRl.Host.Access;

/// <summary>Keeps web pages of others out: what a browser may do with our answers, and whose pages may change something.</summary>
internal static class BrowserGuard
{
    /// <summary>The dashboard's own files and nothing else; no script or style stands in a page.</summary>
    public const string DashboardPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        + "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

    private const string AnswerPolicy = "default-src 'none'; frame-ancestors 'none'";

    public static void UseBrowserGuard(this WebApplication app) => app.Use((http, next) =>
    {
        var headers = http.Response.Headers;
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = AnswerPolicy;
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        headers["Referrer-Policy"] = "no-referrer";

        // A page of another site can send, though not read: with no key needed that alone would let it change something.
        return HttpMethods.IsGet(http.Request.Method) || HttpMethods.IsHead(http.Request.Method) || !IsOfAnotherSite(http.Request)
            ? next(http)
            : Problems.WriteAsync(http, StatusCodes.Status403Forbidden, "cross_site",
                $"this came from a page of {(http.Request.Headers.Origin.ToString() is { Length: > 0 and <= 200 } origin ? origin : "another site")}, and only the server's own pages may change something: send it from a program");
    });

    private static bool IsOfAnotherSite(HttpRequest request)
        => request.Headers["Sec-Fetch-Site"].ToString() is { Length: > 0 } site ? site is not ("same-origin" or "none")
            : request.Headers.Origin.ToString() is { Length: > 0 } origin
                && !(Uri.TryCreate(origin, UriKind.Absolute, out var from) && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
}
