using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AptRl.Host.Commands;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Host.Configuration;

/// <summary>A file of reward tables: one for each scenario that is named, and one for all others.</summary>
/// <remarks>
/// <c>{"tables":[{"scenario":"home","name":"margin","version":2,"weights":{"click":0.2,"purchase":1,"value":0.5}}]}</c>. A type
/// without a weight is worth nothing; what else is left out has the default of <see cref="RewardTable"/>.
/// </remarks>
internal sealed class RewardFile
{
    private readonly ImmutableArray<(ScenarioId? Scenario, RewardTable Table)> _tables;

    private RewardFile(ImmutableArray<(ScenarioId? Scenario, RewardTable Table)> tables) => _tables = tables;

    /// <summary>Reads a file.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or a table makes no sense.</exception>
    public static RewardFile Read(string path)
    {
        try
        {
            var body = JsonSerializer.Deserialize(File.ReadAllBytes(path), RewardFileJson.Default.RewardTablesBody);
            return body?.Tables is { Count: > 0 } tables
                ? new RewardFile([.. tables.Select(table => (table.Scenario is { } scenario ? new ScenarioId(scenario) : (ScenarioId?)null, TableOf(table)))])
                : throw new ArgumentException("it has no tables: write {\"tables\":[{\"name\":…,\"weights\":{…}}]}");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or ArgumentException)
        {
            throw new UserErrorException($"rewards '{path}': {error.Message}", Cli.Usage);
        }
    }

    /// <summary>The table of a scenario; its own before the one for all, and null where there is neither.</summary>
    public RewardTable? Of(ScenarioId scenario)
        => _tables.Where(entry => entry.Scenario == scenario).Concat(_tables.Where(entry => entry.Scenario is null)).Select(entry => entry.Table).FirstOrDefault();

    private static RewardTable TableOf(RewardTableBody body)
    {
        var weights = new double[RewardTable.Weighted];
        foreach (var (name, weight) in body.Weights ?? throw new ArgumentException("a table has no weights"))
        {
            weights[Enum.TryParse<RewardType>(name, ignoreCase: true, out var type) && (int)type < weights.Length
                ? (int)type
                : throw new ArgumentException($"'{name}' is no reward: the rewards are {string.Join(", ", Enum.GetNames<RewardType>().Take(RewardTable.Weighted)).ToLowerInvariant()}")] = weight;
        }

        var table = new RewardTable { Weights = [.. weights] };
        return (table with
        {
            Name = body.Name ?? table.Name,
            Version = body.Version ?? table.Version,
            ValueUnit = body.ValueUnit ?? table.ValueUnit,
            ValueMax = body.ValueMax ?? table.ValueMax,
            Discount = body.Discount ?? table.Discount,
            ClickAttribution = body.ClickAttribution,
            PurchaseAttribution = body.PurchaseAttribution,
        }).Checked();
    }
}

/// <summary>The file's tables.</summary>
internal sealed record RewardTablesBody(IReadOnlyList<RewardTableBody>? Tables);

/// <summary>One table.</summary>
internal sealed record RewardTableBody(
    string? Scenario,
    string? Name,
    int? Version,
    IReadOnlyDictionary<string, double>? Weights,
    double? ValueUnit,
    double? ValueMax,
    double? Discount,
    TimeSpan? ClickAttribution,
    TimeSpan? PurchaseAttribution);

/// <summary>The JSON of the file. A misspelt member would be a wrong reward, so it is refused.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RewardTablesBody))]
internal sealed partial class RewardFileJson : JsonSerializerContext;
