using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Windows;

/// <summary>The bounds of what one user's timeline remembers. Everything is measured in event time.</summary>
public sealed record WindowOptions
{
    /// <summary>
    /// Touches in a window; the oldest makes room. Default 50, at least 1: the encoder reads the newest 20 (AP-TRL's window), and
    /// the learner's features all, as what a user tires of and likes shows in more.
    /// </summary>
    public int CountMax { get; init; } = 50;

    /// <summary>Touches older than this, measured from the newest, leave the window. Default 90 days.</summary>
    public TimeSpan AgeMax { get; init; } = TimeSpan.FromDays(90);

    /// <summary>An event may be older than the user's newest by this much at most; an older one is late. Default 1 day.</summary>
    public TimeSpan Lateness { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Event ids remembered to tell repeats; the oldest is forgotten. Default 1,024.</summary>
    public int EventIdsMax { get; init; } = 1_024;

    /// <summary>A gap longer than this starts a new session, unless the shop names its sessions. Default 30 minutes.</summary>
    public TimeSpan SessionGap { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Decisions remembered for attribution and repeated requests; the oldest is forgotten. Default 64.</summary>
    public int DecisionsMax { get; init; } = 64;

    /// <summary>A click is credited to a decision at most this long after it. Default 30 minutes.</summary>
    public TimeSpan ClickAttribution { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>A cart, purchase or refund is credited to a decision at most this long after it. Default 24 hours.</summary>
    public TimeSpan PurchaseAttribution { get; init; } = TimeSpan.FromHours(24);

    /// <summary>
    /// Whether an interaction that names no decision is credited to the last one that showed its item. Default true: many
    /// shops pass no ids on. Where the shop names the decision of every click on a slate, false is right: what a user comes
    /// across without us would else count as earned by what we showed.
    /// </summary>
    public bool CreditUnnamed { get; init; } = true;

    /// <summary>Lessons not yet taken by a learner that a user may hold; beyond it the user is busy. Default 512.</summary>
    public int OutboxMax { get; init; } = 512;

    /// <summary>What differs between scenarios; one that is not in it has the defaults.</summary>
    public ImmutableDictionary<ScenarioId, TeachingOptions> Scenarios { get; init; } = ImmutableDictionary<ScenarioId, TeachingOptions>.Empty;

    /// <summary>How a scenario's learner is taught.</summary>
    public TeachingOptions TeachingOf(ScenarioId scenario) => Scenarios.GetValueOrDefault(scenario, TeachingOptions.Default);

    /// <summary>How long after a decision of a scenario a reward is joined.</summary>
    public TimeSpan AttributionOf(ScenarioId scenario, RewardType type)
    {
        var rewards = TeachingOf(scenario).Rewards;
        return type is RewardType.Cart or RewardType.Purchase
            ? rewards.PurchaseAttribution ?? PurchaseAttribution
            : rewards.ClickAttribution ?? ClickAttribution;
    }

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not positive.</exception>
    public WindowOptions Checked()
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(CountMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(EventIdsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(DecisionsMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(OutboxMax);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AgeMax, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(Lateness, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(SessionGap, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(ClickAttribution, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PurchaseAttribution, TimeSpan.Zero);
        return this;
    }
}
