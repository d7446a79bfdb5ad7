using AptRl.Host.Configuration;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;
using AptRl.Model.Recommenders;
using AptRl.Model.Simulation.Shopkeepers;

namespace AptRl.Host.Simulate;

/// <summary>Everybody who can serve a simulated shop, in the order of the report.</summary>
internal static class SimulationPolicies
{
    /// <summary>γ₀ that leaves nothing to chance.</summary>
    private const double NoExploration = SlateDraw.Greedy;

    /// <summary>Of 300, 2,000 and 20,000 this began best and lost least later.</summary>
    private const double PriorRows = 2_000;

    /// <summary>
    /// Clicks alone count, as the oracle and the regret are of clicks. Carts and purchases are rare: they would say more about
    /// money and add noise to this.
    /// </summary>
    private static readonly LearnerOptions Clicks = new() { RewardWeights = [1, 0, 0, 0, 0] };

    private static readonly ScenarioOptions Scenario = new() { Id = new ScenarioId("home"), Count = 6, Learner = Clicks };

    /// <summary>One line each. A learner that is added to the scenario's options becomes a row by one more line of <see cref="AptRl"/>.</summary>
    public static IReadOnlyList<SimulationPolicy> All { get; } =
    [
        new("random", "items drawn from the catalogue", false, opening => new UniformShopkeeper(opening.Shop.Catalogue, opening.Seed)),
        Batches("popularity", "the most touched", new PopularityRecipe()),
        Batches("item-knn", "items of the same sessions", new ItemKnn()),
        Batches("bpr-mf", "matrix factorization", new BprMf()),
        Batches("session-neighbours", "sessions like this one", new SessionNeighboursRecipe(), acrossSessions: false),
        Batches("gru4rec", "recurrent recommender", SmallNetworkRecipe.Gru4Rec(), acrossSessions: false),
        Batches("lstm", "recurrent recommender of the AP-TRL paper's comparison", SmallNetworkRecipe.Lstm(), acrossSessions: false),
        new("encoder", "our encoder's next items, without learning from rewards", true, opening => new RecipeShopkeeper(
            new SavedEncoderRecipe(opening.EncoderPath), opening.Shop.Catalogue, new() { RefitEvery = int.MaxValue, Seed = opening.Seed }, opening.Cancellation)),
        Batches("ap-trl-1", "Algorithm 1 of the AP-TRL paper as written", new ApTrlAlgorithm1()),
        Batches("ap-trl-2", "Algorithm 2 of the AP-TRL paper as written", new ApTrlAlgorithm2()),
        AptRl("greedy", "contextual bandit without exploration", Scenario with { Exploration = NoExploration }),
        AptRl("linucb", "contextual bandit with optimism", Scenario with { Exploration = NoExploration, Optimism = 0.3 }),
        AptRl("aptrl-shuffled", "control: aptrl with each reward given to a random item shown", Scenario, shuffled: true),

        AptRl("epsilon-greedy", "contextual bandit that tries anything now and then", Exploring(ExplorationKind.EpsilonGreedy)),
        AptRl("thompson", "contextual bandit that draws from its posterior", Exploring(ExplorationKind.Thompson)),
        AptRl("softmax", "Plackett-Luce over values", Exploring(ExplorationKind.Softmax)),
        AptRl("actor-critic", "policy gradient with the top-K correction", Scenario with { Learner = Clicks with { Kind = LearnerKind.ActorCritic } }),

        AptRl("deep-q", "a dueling network by double Q-learning", Scenario with { Learner = Clicks with { Kind = LearnerKind.DeepQ } }),

        AptRl("aptrl-pretrained", "aptrl that starts from what came next in the history", Scenario, priorRows: PriorRows),

        // Discount 0: the control of the row after it.
        AptRl("aptrl", "inverse gap weighting on the learned head, the next click alone", Scenario),
        AptRl("aptrl-discounted", "the same with temporal differences, discount 0.5", Scenario with { Learner = Clicks with { Discount = 0.5 } }),
        new("informed", "knows all but what the session is about, and infers it", false, opening => new InformedShopkeeper(opening.Shop)),
        new("oracle", "best slate for the next click, by the truth", false, opening => new OracleShopkeeper(opening.Shop, farSighted: false)),
        new("oracle-far-sighted", "best known slate for the clicks of the session, by the truth", false, opening => new OracleShopkeeper(opening.Shop, farSighted: true)),
    ];

    private static ScenarioOptions Exploring(ExplorationKind kind) => Scenario with { Exploring = new ExplorationOptions { Kind = kind } };

    private static SimulationPolicy Batches(string name, string words, IRecipe recipe, bool acrossSessions = true)
        => new(name, $"{words}, fitted in batches", false, opening => new RecipeShopkeeper(
            recipe, opening.Shop.Catalogue, new() { RefitEvery = opening.RefitEvery, AcrossSessions = acrossSessions, Seed = opening.Seed }, opening.Cancellation));

    private static SimulationPolicy AptRl(string name, string words, ScenarioOptions scenario, bool shuffled = false, double priorRows = 0)
        => new(name, words, true, opening => new AptRlShopkeeper(
            opening.Encoder!, opening.Shop.Catalogue, new() { Scenario = ScenarioSettings.Bounded(scenario, opening.Diversity), ShuffleRewards = shuffled, PriorRows = priorRows, Seed = opening.Seed }));
}
