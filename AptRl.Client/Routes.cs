using System.Text.Json.Serialization.Metadata;

namespace AptRl.Client;

/// <summary>The routes that this client knows, in one place so that a test can hold them against the server's OpenAPI document.</summary>
internal static class Routes
{
    public static readonly Route<ShopEvent[], EventsAnswer> Events =
        new(HttpMethod.Post, "/v1/events", ClientJson.Default.ShopEventArray, ClientJson.Default.EventsAnswer);

    public static readonly Route<SlateRequest, Recommendation> Recommend =
        new(HttpMethod.Post, "/v1/recommend", ClientJson.Default.SlateRequest, ClientJson.Default.Recommendation);

    public static readonly Route<SlateRequest, Recommendation> Rank =
        new(HttpMethod.Post, "/v1/rank", ClientJson.Default.SlateRequest, ClientJson.Default.Recommendation);

    public static readonly Route<Reward, EventResult> Reward =
        new(HttpMethod.Post, "/v1/recommendations/{id}/reward", ClientJson.Default.Reward, ClientJson.Default.EventResult);

    public static readonly Route<Nothing, Decision> Decision =
        new(HttpMethod.Get, "/v1/recommendations/{id}", null, ClientJson.Default.Decision);

    public static readonly Route<ItemsBody, ItemsAnswer> Items =
        new(HttpMethod.Post, "/v1/items", ClientJson.Default.ItemsBody, ClientJson.Default.ItemsAnswer);

    public static readonly Route<Nothing, CatalogueItem> Item =
        new(HttpMethod.Get, "/v1/items/{id}", null, ClientJson.Default.CatalogueItem);

    public static readonly Route<Nothing, ShopUser> User =
        new(HttpMethod.Get, "/v1/users/{id}", null, ClientJson.Default.ShopUser);

    public static readonly Route<Nothing, Nothing> DeleteUser = new(HttpMethod.Delete, "/v1/users/{id}", null, null);

    public static IReadOnlyList<Route> All { get; } = [Events, Recommend, Rank, Reward, Decision, Items, Item, User, DeleteUser];
}

/// <summary>A method and a path, and what goes there and comes back.</summary>
internal abstract record Route(HttpMethod Method, string Path, JsonTypeInfo? Sends, JsonTypeInfo? Answers)
{
    /// <summary>The path with the id in it, percent-encoded, slashes included.</summary>
    public Uri For(string? id)
        => new(id is null ? Path : Path.Replace("{id}", Uri.EscapeDataString(id), StringComparison.Ordinal), UriKind.Relative);
}

/// <summary>A route whose bodies are typed.</summary>
internal sealed record Route<TSent, TAnswer>(HttpMethod Method, string Path, JsonTypeInfo<TSent>? Sent, JsonTypeInfo<TAnswer>? Answer)
    : Route(Method, Path, Sent, Answer);

/// <summary>No body.</summary>
internal sealed record Nothing;
