using System.Security.Cryptography;
using AptRl.Host.Configuration;

namespace AptRl.Host.Http;

/// <summary>Lets through who has the key: <c>Authorization: Bearer</c> or <c>X-Api-Key</c>.</summary>
internal static class ApiKey
{
    public static void UseApiKey(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ServeOptions>().ApiKey is not { } key)
        {
            return;
        }

        // Hashes have one length, so that the time of the comparison tells neither the key nor its length.
        var expected = SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key));
        app.Use((http, next) =>
        {
            if (http.Request.Path.StartsWithSegments("/health") || IsKey(http.Request.Headers, expected))
            {
                return next(http);
            }

            http.Response.Headers.WWWAuthenticate = "Bearer";
            return Problems.WriteAsync(http, StatusCodes.Status401Unauthorized, "api_key_needed",
                "the API key is missing or wrong: send it as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'");
        });
    }

    private static bool IsKey(IHeaderDictionary headers, byte[] expected)
    {
        const string Bearer = "Bearer ";
        var sent = headers["X-Api-Key"].ToString();
        if (sent.Length == 0 && headers.Authorization.ToString() is var authorization
            && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            sent = authorization[Bearer.Length..].Trim();
        }

        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(sent), hash);
        return CryptographicOperations.FixedTimeEquals(hash, expected);
    }
}
