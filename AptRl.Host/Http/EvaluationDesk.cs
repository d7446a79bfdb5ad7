using AptRl.Actors.Hosting;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.OffPolicy;
using AptRl.Model.OffPolicy.Slates;

namespace AptRl.Host.Http;

/// <summary>Evaluates policies on what this node has decided, one at a time: it reads the journal and takes a processor for a while.</summary>
internal sealed class EvaluationDesk(IDecisionLogs logs) : IDisposable
{
    /// <summary>Decisions that are looked at, the newest.</summary>
    public const int DecisionsMax = 10_000;

    /// <summary>Most positions that can be asked about: weights multiply with each.</summary>
    public const int PositionsMax = 10;

    private readonly SemaphoreSlim _one = new(1, 1);

    /// <summary>The evaluation; null where another one is under way.</summary>
    /// <exception cref="RefusedException">The scenario has decided nothing.</exception>
    public async Task<PolicyEvaluation?> EvaluateAsync(
        ISlatePolicy target, ScenarioId scenario, RewardType reward, int positions, CancellationToken cancellation)
    {
        if (!await _one.WaitAsync(0, cancellation))
        {
            return null;
        }

        try
        {
            var log = await logs.ReadAsync(DecisionsMax, cancellation);
            var slates = log.Slates(scenario, reward, positions);
            return slates.Count == 0
                ? throw new RefusedException(
                    StatusCodes.Status404NotFound, "no_decisions", $"the learning policy has decided nothing in scenario '{scenario}': ask for recommendations there first")
                : await Task.Run(() => OffPolicyEvaluation.Of(slates, InverseGapSlates.Logging, target, new OffPolicyOptions(), cancellation), cancellation);
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
