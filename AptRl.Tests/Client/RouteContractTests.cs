using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using AptRl.Client;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Client;

public sealed class RouteContractTests(HttpServer server) : IClassFixture<HttpServer>
{
    [Fact]
    public async Task Every_route_and_every_member_of_the_client_is_in_the_servers_document()
    {
        var document = (await server.GetAsync("/openapi/v1.json")).Json;
        var missing = new List<string>();
        var compared = 0;
        foreach (var route in Routes.All)
        {
            var name = $"{route.Method} {route.Path}";
            if (document["paths"]![route.Path]?[route.Method.Method.ToLowerInvariant()] is not { } operation)
            {
                missing.Add(name);
                continue;
            }

            if (route.Sends is { } sends)
            {
                // The candidates are what tells the two routes for a slate apart.
                Compare(sends, operation["requestBody"]?["content"]?["application/json"]?["schema"], $"{name} sends", except: route == Routes.Recommend ? "candidates" : null);
            }

            if (route.Answers is { } answers)
            {
                Compare(answers, operation["responses"]?["200"]?["content"]?["application/json"]?["schema"], $"{name} answers");
            }
        }

        Assert.Empty(missing);
        Assert.InRange(compared, 70, 500);

        void Compare(JsonTypeInfo type, JsonNode? schema, string where, string? except = null)
        {
            if (type.Kind == JsonTypeInfoKind.Enumerable)
            {
                // A batch of events is an array of what the document shows of one.
                var element = type.Options.GetTypeInfo(type.ElementType!);
                Compare(element, Resolved(schema) is { } its && its["items"] is { } items ? items : schema, where);
                return;
            }

            if (type.Kind != JsonTypeInfoKind.Object)
            {
                return;
            }

            var members = Resolved(schema)?["properties"];
            foreach (var member in type.Properties.Where(member => member.Get is not null && member.Name != except))
            {
                compared++;
                if (members?[member.Name] is { } found)
                {
                    Compare(type.Options.GetTypeInfo(member.PropertyType), found, $"{where} {member.Name}");
                }
                else
                {
                    missing.Add($"{where} {member.Name}");
                }
            }
        }

        // A reference, or one of several that are not null.
        JsonNode? Resolved(JsonNode? schema)
            => schema?["$ref"] is { } reference ? document["components"]!["schemas"]![((string)reference!).Split('/')[^1]]
                : schema?["oneOf"] is JsonArray either ? either.Select(Resolved).FirstOrDefault(one => one?["properties"] is not null)
                : schema;
    }

    [Fact]
    public void The_client_needs_the_framework_and_Polly_and_nothing_of_ours()
        => Assert.Equal(
            ["Polly.Core"],
            typeof(AptRlClient).Assembly.GetReferencedAssemblies().Select(name => name.Name).Where(name => !name!.StartsWith("System", StringComparison.Ordinal)));
}
