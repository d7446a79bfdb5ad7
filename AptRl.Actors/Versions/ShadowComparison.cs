using System.Collections.Immutable;
using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Actors.Persistence;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.OffPolicy.Slates;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Actors.Versions;

/// <summary>What a version that looks on would have scored, decision by decision, beside the log of what was decided.</summary>
/// <remarks>
/// Each decision is scored by what the version had learned from the lessons taken before it, so that no decision is judged by a
/// policy that has seen what came of it. The candidates are those that were logged; their features are made anew from the
/// user's timeline and the learner's counts as of then. <see cref="Rebuilt"/> says how often what no encoder has a part in came out
/// as it was logged.
/// </remarks>
public sealed class ShadowComparison
{
    private readonly ScenarioId _scenario;
    private readonly ItemSpace _space;
    private readonly EncoderFold _fold;
    private readonly Dictionary<DecisionId, float[]> _scores = [];
    private (long Version, LinearPolicy Policy)? _policy;
    private long _shown;
    private long _rebuilt;

    private ShadowComparison(EncoderModel model, WindowOptions windows, ImmutableArray<ScenarioOptions> scenarios, ScenarioId scenario, DecisionLog log)
    {
        (_scenario, _space, Log) = (scenario, new ItemSpace(model), log);
        var asked = log.Decisions.Where(decision => decision.Scenario == scenario && decision.Policy == Decision.Learned).Select(decision => decision.Id).ToHashSet();
        _fold = new EncoderFold(model, windows, scenarios, decision => asked.Contains(decision.Id), Score);
    }

    /// <summary>What was decided and what came of it.</summary>
    public DecisionLog Log { get; }

    /// <summary>The journal as the version sees it, to its end.</summary>
    public EncoderFold Fold => _fold;

    /// <summary>Share of the shown items whose other features came out as logged, to the bit; 1 where nothing was shown.</summary>
    public double Rebuilt => _shown == 0 ? 1 : (double)_rebuilt / _shown;

    /// <summary>The version's policy over the logged candidates, exploring as it was explored.</summary>
    public ISlatePolicy Target => new InverseGapSlates(_space.Version, slate => slate.Gamma, slate => _scores[slate.Decision!.Value]);

    /// <summary>Reads the journal of a running system from its beginning, twice.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="model">The version's encoder.</param>
    /// <param name="windows">The bounds that the journal was written under.</param>
    /// <param name="scenarios">The scenarios that the journal knows.</param>
    /// <param name="scenario">The one to compare in.</param>
    /// <param name="decisionsMax">Decisions that are scored at most, the newest.</param>
    /// <param name="onFact">Told the number of facts read so far, now and then.</param>
    /// <param name="cancellation">Ends it early.</param>
    public static async Task<ShadowComparison> ReadAsync(
        ActorSystem system, EncoderModel model, WindowOptions windows, ImmutableArray<ScenarioOptions> scenarios, ScenarioId scenario, int decisionsMax,
        Action<long> onFact, CancellationToken cancellation)
    {
        var log = await JournalFacts.DecisionsAsync(system, decisionsMax, cancellation).ConfigureAwait(false);
        var comparison = new ShadowComparison(model, windows, scenarios, scenario, log);
        await JournalFacts.ReadAsync(system, envelope => comparison._fold.Take(envelope.PersistenceId, envelope.Event), onFact, cancellation).ConfigureAwait(false);
        comparison._fold.Finish();
        return comparison;
    }

    private void Score(DecisionSeen seen)
    {
        var (decision, timeline) = (seen.Decision, seen.Timeline);
        var context = new DecisionContext(
            decision.Id, decision.RequestId, decision.At, decision.Slate.Length, [], [], null, seen.State, timeline.Window.Touches, timeline.Session,
            timeline.TimesShown(_scenario));
        var features = new float[decision.Candidates.Length * FeatureVector.Length];
        _scores[decision.Id] = DecisionMaker.Means(
            context, PolicyOf(seen.Learner), _space, seen.Catalogue, [.. decision.Candidates.Select(candidate => candidate.Item)], features);
        foreach (var shown in decision.Slate)
        {
            var row = 0;
            while (decision.Candidates[row].Item != shown.Item)
            {
                row++;
            }

            _shown++;
            _rebuilt += IsAsLogged(shown.Features, features.AsSpan(row * FeatureVector.Length, FeatureVector.Length)) ? 1 : 0;
        }
    }

    private LinearPolicy PolicyOf(LearnerJournal learner)
    {
        if (_policy is not var (version, policy) || version != learner.Learner.Version)
        {
            (version, policy) = (learner.Learner.Version, learner.Learner.Policy());
            _policy = (version, policy);
        }

        return policy;
    }

    private static bool IsAsLogged(FeatureVector logged, ReadOnlySpan<float> features)
    {
        for (var i = Features.OfEncoder; i < features.Length; i++)
        {
            if (i != Features.PositionIndex && logged.Units[i] != (short)MathF.Round(features[i] * FeatureVector.One))
            {
                return false;
            }
        }

        return true;
    }
}
