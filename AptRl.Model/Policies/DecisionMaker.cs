using System.Buffers;
using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Exploration;
using AptRl.Model.Learning;
using AptRl.Model.Windows;

namespace AptRl.Model.Policies;

/// <summary>Answers a request: candidates, filters, scores, draw. A pure function of its arguments.</summary>
public static class DecisionMaker
{
    /// <summary>The decision for a request under a policy.</summary>
    public static Decision Decide(ScenarioOptions scenario, DecisionContext context, LinearPolicy policy, Catalogue catalogue, IItemSpace space)
    {
        var name = scenario.PolicyOf(context.Id.User);
        var neighbours = NeighboursOf(context, policy);
        var (items, filters) = Candidates.For(scenario, name, context, policy, catalogue, space, neighbours);
        var buffer = ArrayPool<float>.Shared.Rent(items.Count * FeatureVector.Length);
        var (rule, parameter) = RuleOf(scenario, name, policy, context);
        var widths = name is Decision.Learned ? scenario.Optimism + Explorations.Of(rule.Kind).WidthsIn(parameter) : 0;
        try
        {
            var features = new Features(context, policy, space, catalogue, neighbours);
            var network = name is Decision.Learned ? policy.Network : null;
            var scored = new (ItemId Item, float Score, int Row)[items.Count];
            var means = new (float Mean, int Row)[items.Count];
            for (var row = 0; row < items.Count; row++)
            {
                var vector = buffer.AsSpan(row * FeatureVector.Length, FeatureVector.Length);
                features.Fill(items[row], vector);
                means[row] = (policy.Mean(vector), row);
                scored[row] = (items[row], network is null ? Score(name, policy, items[row], vector, means[row].Mean, (float)widths) : 0, row);
            }

            var values = network?.Values(buffer.AsSpan(0, items.Count * FeatureVector.Length), context.Count) ?? [];
            for (var row = 0; row < values.Length; row++)
            {
                scored[row].Score = values[row];
            }

            var value = ValueOf(policy, means, buffer, context.Count);

            Array.Sort(scored, static (a, b) => a.Score != b.Score ? b.Score.CompareTo(a.Score) : a.Item.CompareTo(b.Item));
            var orders = OrdersOf(rule, parameter, policy, context, buffer, scored);
            var groups = name is Decision.Learned ? scenario.Diversity.GroupsOf(scored.Select(candidate => candidate.Item), catalogue) : [];
            var drawn = SlateDraw.Draw(
                rule, [.. scored.Select(candidate => candidate.Score)], parameter, orders.AsSpan(), new GroupBound(groups, scenario.Diversity.CategoryMax),
                context.Count, Draws(context.Id));
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
                name, policy.Version, space.Version, parameter, slate.MoveToImmutable(),
                [.. scored.Select(candidate => new Candidate(candidate.Item, candidate.Score))], filters)
            {
                Rule = rule, Orders = orders, Value = value, Groups = [.. groups], GroupMax = groups.Length == 0 ? 0 : scenario.Diversity.CategoryMax,
            };
        }
        finally
        {
            ArrayPool<float>.Shared.Return(buffer);
        }
    }

    /// <summary>What a learned policy says that each of these items is worth to a user, as if it stood first; with their features row by row.</summary>
    /// <param name="context">The request and its user.</param>
    /// <param name="policy">The policy.</param>
    /// <param name="space">The encoder's vectors.</param>
    /// <param name="catalogue">Tells categories.</param>
    /// <param name="items">The items.</param>
    /// <param name="features"><see cref="FeatureVector.Length"/> numbers an item.</param>
    public static float[] Means(DecisionContext context, LinearPolicy policy, IItemSpace space, Catalogue catalogue, IReadOnlyList<ItemId> items, Span<float> features)
    {
        var described = new Features(context, policy, space, catalogue, NeighboursOf(context, policy));
        var means = new float[items.Count];
        for (var row = 0; row < means.Length; row++)
        {
            var vector = features.Slice(row * FeatureVector.Length, FeatureVector.Length);
            described.Fill(items[row], vector);
            means[row] = policy.Mean(vector);
        }

        return policy.Network?.Values(features[..(items.Count * FeatureVector.Length)], context.Count) ?? means;
    }

    /// <summary>Draws a logged decision again from its candidates, rule and id: the slate must come out the same.</summary>
    public static Drawn[] Redraw(Decision decision)
        => SlateDraw.Draw(
            decision.Rule, [.. decision.Candidates.Select(candidate => candidate.Score)], decision.Gamma, decision.Orders.AsSpan(),
            new GroupBound(decision.Groups.AsSpan(), decision.GroupMax), decision.Slate.Length, Draws(decision.Id));

    /// <summary>What comes next in sessions like the window of a request.</summary>
    /// <param name="context">The request and its user.</param>
    /// <param name="policy">The policy whose sessions are asked.</param>
    public static NeighbourScores NeighboursOf(DecisionContext context, LinearPolicy policy)
        => policy.Sessions.Ask(Steps(context.Recent), context.Session);

    private static ItemId[] Steps(ReadOnlySpan<Touch> touches)
    {
        var steps = new List<ItemId>(touches.Length);
        foreach (var touch in touches)
        {
            if (touch.Item is { } item && LiveSessions.Takes(touch.Kind))
            {
                steps.Add(item);
            }
        }

        return [.. steps];
    }

    private static Chance Draws(DecisionId id) => new Chance(id.Key).Split("slate");

    // The best slate by value, each item at its own position: what a later state is worth to an earlier one.
    private static double ValueOf(LinearPolicy policy, (float Mean, int Row)[] means, float[] buffer, int count)
    {
        Array.Sort(means, static (a, b) => a.Mean != b.Mean ? b.Mean.CompareTo(a.Mean) : a.Row.CompareTo(b.Row));
        var value = 0.0;
        for (var position = 0; position < Math.Min(count, means.Length); position++)
        {
            var vector = buffer.AsSpan(means[position].Row * FeatureVector.Length, FeatureVector.Length);
            vector[Features.PositionIndex] = FeatureVector.Rounded(Features.Discount(position));
            value += policy.Mean(vector);
            vector[Features.PositionIndex] = Features.Discount(0);
        }

        return value;
    }

    private static float Score(string name, LinearPolicy policy, ItemId item, ReadOnlySpan<float> features, float mean, float widths)
        => name switch
        {
            ScenarioOptions.Uniform => 0,
            ScenarioOptions.MostPopular => policy.Counts.GetValueOrDefault(item).Week,
            _ when policy.HasPreferences => policy.Preference(features),
            _ => mean + (widths > 0 ? widths * policy.Width(features) : 0),
        };

    private static (ExplorationRule Rule, double Parameter) RuleOf(ScenarioOptions scenario, string name, LinearPolicy policy, DecisionContext context)
    {
        if (name is ScenarioOptions.Uniform or ScenarioOptions.MostPopular)
        {
            return (ExplorationRule.InverseGap, name is ScenarioOptions.Uniform ? 0 : SlateDraw.Greedy);
        }

        if (policy.HasPreferences)
        {
            // Preferences are what a softmax at temperature 1 makes probabilities of; the actor is its own exploration.
            return (new ExplorationRule(ExplorationKind.Softmax, scenario.Exploring.Floor, scenario.Exploring.Cap), scenario.Exploring.Scale ?? 1);
        }

        var exploration = Explorations.Of(scenario.Exploring.Kind);
        var scale = scenario.Exploring.Scale ?? (exploration.Kind is ExplorationKind.InverseGap ? scenario.Exploration : exploration.DefaultScale);
        return (
            new ExplorationRule(exploration.Kind, scenario.Exploring.Floor, scenario.Exploring.Cap),
            exploration.ParameterOf(scale, policy.Rows, context.Window.Length));
    }

    private static ImmutableArray<int> OrdersOf(
        ExplorationRule rule, double parameter, LinearPolicy policy, DecisionContext context, ReadOnlySpan<float> features,
        (ItemId Item, float Score, int Row)[] scored)
    {
        if (rule.Kind is not ExplorationKind.Thompson)
        {
            return [];
        }

        var inOrder = new float[scored.Length * FeatureVector.Length];
        for (var i = 0; i < scored.Length; i++)
        {
            features.Slice(scored[i].Row * FeatureVector.Length, FeatureVector.Length).CopyTo(inOrder.AsSpan(i * FeatureVector.Length));
        }

        var chance = new Chance(context.Id.Key).Split("posterior");
        return PosteriorOrders.Of(policy, inOrder, parameter, Thompson.PosteriorDraws, context.Count, chance);
    }
}
