using System.Text.Json.Serialization;

namespace AptRl.Client;

/// <summary>The JSON of the interface, generated at build time. Members that an answer has beyond ours are ignored: the server may grow.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ShopEvent[]))]
[JsonSerializable(typeof(EventsAnswer))]
[JsonSerializable(typeof(SlateRequest))]
[JsonSerializable(typeof(Recommendation))]
[JsonSerializable(typeof(Reward))]
[JsonSerializable(typeof(EventResult))]
[JsonSerializable(typeof(Decision))]
[JsonSerializable(typeof(ItemsBody))]
[JsonSerializable(typeof(ItemsAnswer))]
[JsonSerializable(typeof(CatalogueItem))]
[JsonSerializable(typeof(ShopUser))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>What became of a request's events, in the order in which they were sent.</summary>
internal sealed record EventsAnswer(IReadOnlyList<EventResult> Results);

/// <summary>Items to add or to replace.</summary>
internal sealed record ItemsBody(IReadOnlyList<CatalogueItem> Items);

/// <summary>How many were.</summary>
internal sealed record ItemsAnswer(int Upserted);

/// <summary>The server's problem details.</summary>
internal sealed record Problem(string? Detail = null, string? Code = null);
