using AptRl.Actors.Hosting;
using AptRl.Model.Events;

namespace AptRl.Host.Telemetry;

/// <summary>Records of what was answered, with the ids by name, so that a log can be searched for a user or a decision.</summary>
/// <remarks>At level Debug: a line for each answer costs more than many answers do. <c>Logging__LogLevel__AptRl=Debug</c> turns them on.</remarks>
internal static partial class LogLines
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Debug, Message = "event {Event} of user {User}: {Status}, {RewardsJoined} rewards joined")]
    public static partial void Event(this ILogger log, Model.Events.EventId @event, UserId user, string status, int rewardsJoined);

    [LoggerMessage(EventId = 2, Level = LogLevel.Debug, Message = "decision {Decision} of user {User} in {Scenario} by {Policy} {PolicyVersion}")]
    public static partial void Decided(this ILogger log, DecisionId decision, UserId user, ScenarioId scenario, string policy, long policyVersion);

    [LoggerMessage(EventId = 3, Level = LogLevel.Debug, Message = "no decision of user {User} in {Scenario} for request {Request}: {Refusal}")]
    public static partial void Refused(this ILogger log, UserId user, ScenarioId scenario, string request, Refusal refusal);
}
