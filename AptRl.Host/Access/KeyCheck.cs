using AptRl.Host.Http;

namespace AptRl.Host.Access;

/// <summary>Lets through who has a key with the scope that the route asks for: <c>Authorization: Bearer</c> or <c>X-Api-Key</c>.</summary>
/// <remarks>A route that says nothing asks for admin: what is forgotten is closed.</remarks>
internal static class KeyCheck
{
    /// <summary>The route asks for a key with this scope, or with admin.</summary>
    public static TBuilder Needs<TBuilder>(this TBuilder route, Scopes scope)
        where TBuilder : IEndpointConventionBuilder
        => route.WithMetadata(new Asked(scope));

    /// <summary>The route is open to all, key or not.</summary>
    public static TBuilder NeedsNoKey<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder
        => route.WithMetadata(new Asked(Scopes.None));

    /// <summary>The route asks for a key, whatever its scope.</summary>
    public static TBuilder NeedsAnyKey<TBuilder>(this TBuilder route)
        where TBuilder : IEndpointConventionBuilder
        => route.Needs(Scopes.Ingest | Scopes.Recommend);

    /// <summary>The key that this request came with; null where none is needed.</summary>
    public static ApiKey? KeyOf(HttpContext http) => http.Items[typeof(ApiKey)] as ApiKey;

    public static void UseKeyCheck(this WebApplication app)
    {
        var keys = app.Services.GetRequiredService<ApiKeys>();
        if (!keys.AreNeeded)
        {
            return;
        }

        app.Use((http, next) =>
        {
            var asked = (http.GetEndpoint()?.Metadata.GetMetadata<Asked>() ?? Asked.Default).Scope;
            if (asked is Scopes.None)
            {
                return next(http);
            }

            if (keys.Find(http.Request.Headers) is not { } key)
            {
                http.Response.Headers.WWWAuthenticate = "Bearer";
                return Problems.WriteAsync(http, StatusCodes.Status401Unauthorized, "api_key_needed",
                    "the API key is missing or wrong: send it as 'Authorization: Bearer KEY' or 'X-Api-Key: KEY'");
            }

            http.Items[typeof(ApiKey)] = key;
            return key.May(asked) || http.GetEndpoint() is null
                ? next(http)
                : Problems.WriteAsync(http, StatusCodes.Status403Forbidden, "scope_needed",
                    $"the key '{key.Name}' has scope {string.Join(", ", ScopeNames.Of(key.Scopes))}, and {http.Request.Method} {http.Request.Path} asks for {string.Join(" or ", ScopeNames.Of(asked | Scopes.Admin))}: use another key, or make one with 'aptrl key'");
        });
    }

    private sealed record Asked(Scopes Scope)
    {
        public static readonly Asked Default = new(Scopes.Admin);
    }
}
