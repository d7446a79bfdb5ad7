using AptRl.Model.Events;

namespace AptRl.Actors.Inspection;

/// <summary>What is asked of an earlier policy.</summary>
/// <param name="User">For whom is decided.</param>
/// <param name="Scenario">Where in the shop.</param>
/// <param name="Version">The publication to go back to; 0 is the policy that knew nothing.</param>
/// <param name="Count">Positions to fill.</param>
/// <param name="At">Event time of the request.</param>
public sealed record TimeTravelRequest(UserId User, ScenarioId Scenario, long Version, int Count, DateTimeOffset At);

/// <summary>What a user would be shown by an earlier policy and by that of now, both rebuilt from the journal.</summary>
/// <param name="Then">By the policy of the version that was asked for.</param>
/// <param name="Now">By the policy of <paramref name="NowVersion"/>.</param>
/// <param name="NowVersion">The newest publication when it was asked.</param>
/// <param name="ThenFacts">Entries of the learner's journal up to the earlier policy.</param>
/// <param name="Facts">Entries up to the policy of now.</param>
/// <param name="Lessons">Lessons in them.</param>
/// <param name="UserFacts">Facts that the user's window was rebuilt from.</param>
/// <param name="RebuiltHash">Hash of everything learned, rebuilt.</param>
/// <param name="LiveHash">Hash that the learner told when it was asked.</param>
/// <param name="Elapsed">How long the rebuilding took.</param>
public sealed record TimeTravel(
    Decision Then, Decision Now, long NowVersion, long ThenFacts, long Facts, long Lessons, long UserFacts,
    string RebuiltHash, string LiveHash, TimeSpan Elapsed)
{
    /// <summary>Whether what was rebuilt is to the bit what the learner holds.</summary>
    public bool IsEqual => RebuiltHash == LiveHash;
}

/// <summary>It cannot be gone back so far, or not for this user; the text says why and the way out.</summary>
public sealed class NoSuchPastException(string message) : Exception(message);
