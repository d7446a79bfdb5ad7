using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Model.Simulation.Shopkeepers;

/// <summary>How AptRl serves a simulated shop.</summary>
public sealed record AptRlShopkeeperOptions
{
    /// <summary>The scenario with its learner.</summary>
    public required ScenarioOptions Scenario { get; init; }

    /// <summary>
    /// What a shopper's timeline remembers. Default: as in service, but 16 decisions a shopper, so that several runs fit into
    /// memory; rewards by the decision's name alone, as the simulated shop names it with every click on a slate; and 200 touches,
    /// as its shoppers come eight times a day and tire of what they saw for two.
    /// </summary>
    public WindowOptions Window { get; init; } = new() { DecisionsMax = 16, CreditUnnamed = false, CountMax = 200 };

    /// <summary>Decisions between two publications. Default 64; in service a publication comes every 100 ms.</summary>
    public int PublishEvery { get; init; } = 64;

    /// <summary>
    /// Whether each reward is given to a random one of the items that its shopper was shown lately: the control that keeps how
    /// much was earned and takes away by what. Default false.
    /// </summary>
    public bool ShuffleRewards { get; init; }

    /// <summary>
    /// Rows of evidence that what came next in the history weighs before the first page view (<see cref="Pretraining.NextItemPrior"/>);
    /// 0, the default, starts from nothing.
    /// </summary>
    public double PriorRows { get; init; }

    /// <summary>Of so many touches of the history one is looked at for the prior. Default 4.</summary>
    public int PriorEvery { get; init; } = 4;

    /// <summary>Decides the shuffle. Default 1.</summary>
    public ulong Seed { get; init; } = 1;
}
