using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Host.Http;

/// <summary>The scenarios that this server was started with, the first one first.</summary>
internal sealed class ScenarioNames(ImmutableArray<ScenarioId> scenarios)
{
    public IReadOnlyList<string> All { get; } = [.. scenarios.Select(scenario => scenario.Value)];

    /// <summary>The scenario of this name; the first one where none is named.</summary>
    /// <exception cref="RefusedException">There is none of this name.</exception>
    public ScenarioId Find(string? name)
        => name is null ? scenarios[0]
            : new ScenarioId(RequestBody.Id(name, "scenario", "bad_id")) is var named && scenarios.Contains(named) ? named
            : throw new RefusedException(StatusCodes.Status404NotFound, "unknown_scenario", $"there is no scenario '{name}': GET /v1/scenarios lists them");
}
