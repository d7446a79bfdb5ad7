using System.Diagnostics.Metrics;
using System.Text.Json;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Host.Telemetry;

/// <summary>What the server counts. Tags have few values each: no id of a user or an item is one.</summary>
internal sealed class HostMetrics
{
    public const string MeterName = "AptRl";

    private readonly Counter<long> _events;
    private readonly Counter<long> _rewards;
    private readonly Counter<long> _decisions;
    private readonly Counter<long> _refusals;
    private readonly Counter<double> _earned;

    public HostMetrics(IMeterFactory meters)
    {
        var meter = meters.Create(MeterName);
        _events = meter.CreateCounter<long>("aptrl.events", description: "Events answered, by status, and by code where rejected.");
        _rewards = meter.CreateCounter<long>("aptrl.rewards.joined", description: "Rewards that events earned for earlier decisions.");
        _decisions = meter.CreateCounter<long>("aptrl.decisions", description: "Decisions answered, by scenario and policy; a repeated request counts again.");
        _refusals = meter.CreateCounter<long>("aptrl.decisions.refused", description: "Requests for a decision that got none, by reason.");
        _earned = meter.CreateCounter<double>("aptrl.rewards.earned", description: "Rewards by the scenario and policy of the decision that earned them, and by type; what is taken back is not taken off.");
    }

    public void Event(string status, string? code, int rewardsJoined)
    {
        _events.Add(1, new("status", status), new("code", code ?? ""));
        if (rewardsJoined > 0)
        {
            _rewards.Add(rewardsJoined);
        }
    }

    public void Decided(Decision decision)
        => _decisions.Add(1, new("scenario", decision.Scenario.Value), new("policy", decision.Policy));

    /// <param name="of">Scenario and policy of the decision.</param>
    public void Earned((string Scenario, string Policy) of, RewardType type, double amount)
        => _earned.Add(Math.Max(0, amount), new("scenario", of.Scenario), new("policy", of.Policy), new("type", JsonNamingPolicy.SnakeCaseLower.ConvertName(type.ToString())));

    public void Refused(string reason) => _refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));
}
