using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Policies;

/// <summary>What a scenario chooses from.</summary>
public enum ScenarioKind
{
    /// <summary>A slate of items of the catalogue.</summary>
    Items = 1,

    /// <summary>A few arms that are always the candidates, such as layouts.</summary>
    Arms = 2,
}

/// <summary>A share of users who are served by a fixed policy, for honest comparison.</summary>
/// <param name="Policy"><see cref="ScenarioOptions.Uniform"/> or <see cref="ScenarioOptions.MostPopular"/>.</param>
/// <param name="Share">Share of users, in (0, 1).</param>
public sealed record Holdout(string Policy, double Share);

/// <summary>A place in the shop and how its agent decides.</summary>
public sealed record ScenarioOptions
{
    /// <summary>Name of the holdout that draws uniformly from the items that may be shown.</summary>
    public const string Uniform = "uniform";

    /// <summary>Name of the holdout that shows what is most touched.</summary>
    public const string MostPopular = "popular";

    /// <summary>The place's name.</summary>
    public required ScenarioId Id { get; init; }

    /// <summary>What it chooses from. Default items.</summary>
    public ScenarioKind Kind { get; init; } = ScenarioKind.Items;

    /// <summary>The arms of a scenario of that kind.</summary>
    public ImmutableArray<ItemId> Arms { get; init; } = [];

    /// <summary>Items of a slate when the caller does not say. Default 10.</summary>
    public int Count { get; init; } = 10;

    /// <summary>Longest slate. Default 50.</summary>
    public int CountMax { get; init; } = 50;

    /// <summary>Candidates that are scored for a decision. Default 128. The caller's own candidates are not cut.</summary>
    public int CandidatesMax { get; init; } = 128;

    /// <summary>γ₀ of inverse gap weighting, in 1/reward: γ = γ₀ · √(1 + evidence) · √((1 + touches in the window, 20 at most) / 21). Default 2,000.</summary>
    public double Exploration { get; init; } = 2_000;

    /// <summary>By which rule it explores, how much at least and at most. Default inverse gap weighting.</summary>
    public ExplorationOptions Exploring { get; init; } = new();

    /// <summary>How concentrated what the learning policy shows may be. Default no bound.</summary>
    public DiversityOptions Diversity { get; init; } = new();

    /// <summary>c of score = mean + c · width. Default 0: inverse gap weighting explores already.</summary>
    public double Optimism { get; init; }

    /// <summary>Whether an item in the user's window as bought is left out. Default true.</summary>
    public bool ExcludePurchased { get; init; } = true;

    /// <summary>Times that an item may be shown to a user, in the decisions that the user remembers, before it is left out; 0 is no cap. Default 0.</summary>
    public int ShownMax { get; init; }

    /// <summary>Users served by fixed policies. Default none.</summary>
    public ImmutableArray<Holdout> Holdouts { get; init; } = [];

    /// <summary>How its learner learns.</summary>
    public LearnerOptions Learner { get; init; } = new();

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">They do not; the text says which and why.</exception>
    public ScenarioOptions Checked()
    {
        Learner.Checked();
        Exploring.Checked();
        Diversity.Checked();
        if (Diversity.ExposureMax < 1 && Learner.ExposureSlates == 0)
        {
            throw new ArgumentException($"scenario '{Id}' bounds the exposure of items and its learner counts none: set {nameof(LearnerOptions.ExposureSlates)}");
        }

        if (Learner.Kind is LearnerKind.DeepQ && (Exploring.Kind is ExplorationKind.Thompson or ExplorationKind.LinUcb || Optimism > 0))
        {
            throw new ArgumentException($"scenario '{Id}' explores by how unsure the regression is, and a deep Q-network ranks, which cannot say that of itself: choose inverse-gap, softmax or epsilon-greedy, without optimism");
        }

        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(CountMax, Count);
        ArgumentOutOfRangeException.ThrowIfLessThan(CandidatesMax, CountMax);
        ArgumentOutOfRangeException.ThrowIfNegative(Exploration);
        ArgumentOutOfRangeException.ThrowIfNegative(Optimism);
        ArgumentOutOfRangeException.ThrowIfNegative(ShownMax);
        if (Kind is ScenarioKind.Arms && Arms.Distinct().Count() < 2)
        {
            throw new ArgumentException($"scenario '{Id}' chooses between arms and has {Arms.Distinct().Count()}: name at least 2");
        }

        if (Holdouts.FirstOrDefault(holdout => holdout.Policy is not (Uniform or MostPopular) || holdout.Share is not (> 0 and < 1)) is { } wrong)
        {
            throw new ArgumentException($"holdout '{wrong.Policy}' with share {wrong.Share} of scenario '{Id}': the policy must be {Uniform} or {MostPopular}, the share in (0, 1)");
        }

        return Holdouts.Sum(holdout => holdout.Share) < 1
            ? this
            : throw new ArgumentException($"the holdouts of scenario '{Id}' take {Holdouts.Sum(holdout => holdout.Share):P0} of the users: leave some to the learned policy");
    }

    /// <summary>The same scenario, its learner beginning with this where it has nothing of its own; arms are no items of a log.</summary>
    public ScenarioOptions StartingFrom(RidgePrior? prior)
        => prior is not null && Kind is ScenarioKind.Items && Learner.Prior is null ? this with { Learner = Learner with { Prior = prior } } : this;

    /// <summary>Who serves this user: a holdout's name or <see cref="Decision.Learned"/>; the same user always gets the same.</summary>
    public string PolicyOf(UserId user)
    {
        var place = new Chance(StableHash.Of($"{Id}\n{user}")).NextDouble();
        foreach (var holdout in Holdouts)
        {
            if ((place -= holdout.Share) < 0)
            {
                return holdout.Policy;
            }
        }

        return Decision.Learned;
    }
}
