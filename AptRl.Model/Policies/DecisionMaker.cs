using System.Buffers;
using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Policies;

/// <summary>Answers a request: candidates, filters, scores, draw. A pure function of its arguments.</summary>
public static class DecisionMaker
{
    /// <summary>The decision for a request under a policy.</summary>
    public static Decision Decide(ScenarioOptions scenario, DecisionContext context, LinearPolicy policy, Catalogue catalogue, IItemSpace space)
    {
        var name = scenario.PolicyOf(context.Id.User);
        var neighbours = policy.Sessions.Ask(
            [.. context.Window.Where(touch => touch.Item is not null && LiveSessions.Takes(touch.Kind)).Select(touch => touch.Item!.Value)],
            context.Session);
        var (items, filters) = Candidates.For(scenario, name, context, policy, catalogue, space, neighbours);
        var buffer = ArrayPool<float>.Shared.Rent(items.Count * FeatureVector.Length);
        try
        {
            var features = new Features(context, policy, space, neighbours);
            var scored = new (ItemId Item, float Score, int Row)[items.Count];
            for (var row = 0; row < items.Count; row++)
            {
                var vector = buffer.AsSpan(row * FeatureVector.Length, FeatureVector.Length);
                features.Fill(items[row], vector);
                scored[row] = (items[row], Score(scenario, name, policy, items[row], vector), row);
            }

            Array.Sort(scored, static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Item.CompareTo(b.Item));
            var gamma = Gamma(scenario, name, policy, context);
            var drawn = SlateDraw.Draw([.. scored.Select(candidate => candidate.Score)], gamma, context.Count, Draws(context.Id));
            var slate = ImmutableArray.CreateBuilder<Shown>(drawn.Length);
            for (var position = 0; position < drawn.Length; position++)
            {
                var (candidate, propensity, explored) = drawn[position];
                var vector = buffer.AsSpan(scored[candidate].Row * FeatureVector.Length, FeatureVector.Length);
                vector[Features.PositionIndex] = Features.Discount(position);
                slate.Add(new Shown(scored[candidate].Item, scored[candidate].Score, propensity, explored, FeatureVector.From(vector)));
            }

            return new Decision(
                context.Id, context.Id.User, scenario.Id, context.RequestId, context.At,
                context.Window.IsEmpty ? null : context.Window[^1].At,
                name, policy.Version, space.Version, gamma, slate.MoveToImmutable(),
                [.. scored.Select(candidate => new Candidate(candidate.Item, candidate.Score))], filters);
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>Draws a logged decision again from its candidates, γ and id: the slate must come out the same.</summary>
    public static Drawn[] Redraw(Decision decision)
        => SlateDraw.Draw(
            [.. decision.Candidates.Select(candidate => candidate.Score)], decision.Gamma, decision.Slate.Length, Draws(decision.Id));

    private static Chance Draws(DecisionId id) => new Chance(id.Key).Split("slate");

    private static float Score(ScenarioOptions scenario, string name, LinearPolicy policy, ItemId item, ReadOnlySpan<float> features)
        => name switch
        {
            ScenarioOptions.Uniform => 0,
            ScenarioOptions.MostPopular => policy.Counts.GetValueOrDefault(item).Week,
            _ => policy.Mean(features) + (scenario.Optimism > 0 ? (float)scenario.Optimism * policy.Width(features) : 0),
        };

    private static double Gamma(ScenarioOptions scenario, string name, LinearPolicy policy, DecisionContext context)
        => name switch
        {
            ScenarioOptions.Uniform => 0,
            ScenarioOptions.MostPopular => SlateDraw.Greedy,
            _ => scenario.Exploration * Math.Sqrt(1 + policy.Rows) * Math.Sqrt((1 + context.Window.Length) / 21.0),
        };
}
