using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Windows;

/// <summary>Something that happened to a user, as the journal keeps it.</summary>
public interface IUserFact;

/// <summary>An interaction was accepted, with the rewards it earned.</summary>
/// <param name="Interaction">The interaction.</param>
/// <param name="Taught">Scenarios whose learners hear of it.</param>
/// <param name="Rewards">Joined when it was accepted: recovery repeats the outcome, not the judgement.</param>
public sealed record InteractionAccepted(
    Interaction Interaction, ImmutableArray<ScenarioId> Taught, ImmutableArray<JoinedReward> Rewards) : IUserFact;

/// <summary>A decision was made for the user.</summary>
/// <param name="Decision">The decision.</param>
public sealed record DecisionMade(Decision Decision) : IUserFact;

/// <summary>A learner has durably taken all lessons up to a number: they need never be sent again.</summary>
/// <param name="Scenario">Whose learner.</param>
/// <param name="Through">The number.</param>
public sealed record LessonsSettled(ScenarioId Scenario, long Through) : IUserFact;
