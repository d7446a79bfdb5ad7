using AptRl.Model.Evaluation;

namespace AptRl.Host.Demo;

/// <summary>What a demo has shown so far; its JSON is what <c>--json</c> writes.</summary>
/// <param name="Policies">Each policy that decided, the best first.</param>
/// <param name="BestCtr">Click rate of the best possible slates on the same page views, computed and not drawn; null before the first.</param>
/// <param name="Seconds">Wall-clock seconds since the first turn.</param>
/// <param name="Decisions">Page views answered with a slate.</param>
/// <param name="Events">Interactions answered, whatever the answer.</param>
/// <param name="Accepted">Interactions that are durable.</param>
/// <param name="Duplicate">Interactions that had been accepted before.</param>
/// <param name="Late">Interactions that were too old.</param>
/// <param name="Busy">Times that an interaction or a page view was to be sent again later.</param>
/// <param name="RewardsJoined">Rewards that interactions earned for earlier decisions.</param>
/// <param name="PolicyVersion">Newest version of the policy that decided.</param>
/// <param name="DriftAtSeconds">When tastes moved; null where they did not.</param>
/// <param name="SeriesStepSeconds">Seconds in one step of the policies' series.</param>
internal sealed record DemoReport(
    IReadOnlyList<PolicyReport> Policies,
    double? BestCtr,
    double Seconds,
    long Decisions,
    long Events,
    long Accepted,
    long Duplicate,
    long Late,
    long Busy,
    long RewardsJoined,
    long PolicyVersion,
    double? DriftAtSeconds,
    int SeriesStepSeconds);

/// <summary>How one policy has done.</summary>
/// <param name="Name">The policy, as <c>Decision.Policy</c> names it.</param>
/// <param name="Decisions">Page views that it filled.</param>
/// <param name="Users">Shoppers that it decided for.</param>
/// <param name="Clicks">Page views of these on which an item of the slate was clicked.</param>
/// <param name="Ctr">Clicks / Decisions, and its 95 % interval, resampled by shopper.</param>
/// <param name="ExpectedCtr">Mean of the exact click probabilities of the slates that it showed: the same without the luck of the draw.</param>
/// <param name="Series">Clicks / Decisions in each step of time; null where it decided nothing.</param>
internal sealed record PolicyReport(
    string Name, long Decisions, int Users, long Clicks, ConfidenceInterval Ctr, double ExpectedCtr, IReadOnlyList<double?> Series);
