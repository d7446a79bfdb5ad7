using AptRl.Model.Evaluation;

namespace AptRl.Host.Learning;

/// <summary>How the policies of one scenario have done since the server's first decision.</summary>
/// <param name="Scenario">Which scenario.</param>
/// <param name="Seconds">Since the first decision.</param>
/// <param name="StepSeconds">Seconds in one step of the series; the newest step is not over yet.</param>
/// <param name="DriftAtSeconds">When the simulated shoppers' tastes moved; null where they did not or nothing is simulated.</param>
/// <param name="PolicyVersion">Newest version that has decided.</param>
/// <param name="Unmatched">Rewards of decisions that are no longer remembered here, and so count for nobody.</param>
/// <param name="Policies">Each that has decided: the learning one first.</param>
internal sealed record LearningReport(
    string Scenario, double Seconds, int StepSeconds, double? DriftAtSeconds, long PolicyVersion, long Unmatched,
    IReadOnlyList<PolicyLearning> Policies);

/// <summary>How one policy has done.</summary>
/// <param name="Decisions">Slates that it has made.</param>
/// <param name="Clicked">Slates of these of which an item was clicked.</param>
/// <param name="Ctr">Clicked / Decisions, with its 95 % interval by user.</param>
/// <param name="Reward">Reward a slate, with its 95 % interval by user.</param>
/// <param name="Truth">Where the truth is known, what was missed of it.</param>
/// <param name="Series">Step by step; a reward counts at the step of its decision.</param>
internal sealed record PolicyLearning(
    string Name, long Decisions, long Clicked, ConfidenceInterval Ctr, ConfidenceInterval Reward, TruthReport? Truth, PolicySeries Series);

/// <summary>The exact click probabilities of a simulation, which have no luck of the draw in them.</summary>
/// <param name="Expected">Mean of those of the slates that were shown.</param>
/// <param name="Best">Mean of those of the best slates for the same page views.</param>
/// <param name="Regret">Clicks missed so far: the sum of the differences.</param>
internal sealed record TruthReport(double Expected, double Best, double Regret);

/// <summary>Sums of each step of time.</summary>
/// <param name="Decisions">Slates made.</param>
/// <param name="Clicked">Slates of which an item was clicked.</param>
/// <param name="Reward">Reward earned.</param>
/// <param name="Expected">Mean exact click probability; null where the truth is not known.</param>
/// <param name="Best">That of the best slates.</param>
internal sealed record PolicySeries(
    IReadOnlyList<long> Decisions, IReadOnlyList<long> Clicked, IReadOnlyList<double> Reward,
    IReadOnlyList<double?>? Expected, IReadOnlyList<double?>? Best);
