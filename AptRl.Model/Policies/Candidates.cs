using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Policies;

/// <summary>Finds the items that are worth scoring for a decision, and takes out those that may not be shown.</summary>
/// <remarks>
/// In order, until the bound is met: items of the window, newest first; what comes next in sessions like it;
/// the encoder's nearest; the most popular; and, so that an item nobody has touched gets its chance, some drawn from
/// the catalogue. The uniform holdout's are all drawn.
/// </remarks>
public static class Candidates
{
    private const int DrawnShare = 10;

    /// <summary>Candidates that passed the filters, in order of discovery, and what each filter took.</summary>
    public static (List<ItemId> Items, ImmutableArray<Filtered> Filters) For(
        ScenarioOptions scenario, string policyName, DecisionContext context, LinearPolicy policy, Catalogue catalogue, IItemSpace space,
        NeighbourScores neighbours)
    {
        var isBounded = policyName is Decision.Learned && context.Own.IsEmpty && scenario.Kind is ScenarioKind.Items;
        var gate = new Gate(scenario, context, catalogue, isBounded ? policy.Overexposed : []);
        if (!context.Own.IsEmpty || scenario.Kind is ScenarioKind.Arms)
        {
            var given = context.Own.IsEmpty ? scenario.Arms : context.Own;
            gate.Offer(given, int.MaxValue);
            return (gate.Passed, gate.Filters());
        }

        var max = scenario.CandidatesMax;
        if (policyName is ScenarioOptions.Uniform)
        {
            Draw(gate, max, max, context, catalogue, space);
        }
        else if (policyName is ScenarioOptions.MostPopular)
        {
            gate.Offer(policy.Popular, max);
        }
        else
        {
            var found = max - max / DrawnShare;
            gate.Offer(context.Window.Reverse().Take(DecisionContext.RecentMax).Where(touch => touch.Item is not null).Select(touch => touch.Item!.Value), max / 4);
            gate.Offer(neighbours.Items, max / 2);
            gate.Offer(space.Nearest(context.State, max), found - (found - gate.Passed.Count) / 3);
            gate.Offer(policy.Popular, found);
            Draw(gate, max / DrawnShare, max, context, catalogue, space);
        }

        if (gate.Passed.Count < context.Count)
        {
            gate.Offer(policy.Popular, max);
            Draw(gate, max, max, context, catalogue, space);
        }

        return (gate.Passed, gate.Filters());
    }

    private static void Draw(Gate gate, int wanted, int max, DecisionContext context, Catalogue catalogue, IItemSpace space)
    {
        IReadOnlyList<ItemId> pool = catalogue.Available.Length > 0 ? catalogue.Available : space.Items;
        if (pool.Count == 0)
        {
            return;
        }

        var chance = new Chance(context.Id.Key).Split("candidates");
        var bound = Math.Min(max, gate.Passed.Count + wanted);
        for (var tries = 0; tries < 4 * wanted && gate.Passed.Count < bound; tries++)
        {
            gate.Offer(pool[chance.Next(pool.Count)]);
        }
    }

    private sealed class Gate(ScenarioOptions scenario, DecisionContext context, Catalogue catalogue, ImmutableHashSet<ItemId> overexposed)
    {
        private readonly HashSet<ItemId> _seen = new(4 * scenario.CandidatesMax);
        private readonly HashSet<ItemId> _excluded = [.. context.Exclude];
        private readonly HashSet<ItemId> _purchased = scenario.ExcludePurchased && scenario.Kind is ScenarioKind.Items
            ? [.. context.Window.Where(touch => touch is { Kind: InteractionKind.Purchase, Item: not null }).Select(touch => touch.Item!.Value)]
            : [];

        private readonly SortedDictionary<string, (int Count, List<ItemId> Items)> _filtered = new(StringComparer.Ordinal);

        public List<ItemId> Passed { get; } = [];

        public ImmutableArray<Filtered> Filters() => [.. _filtered.Select(pair => new Filtered(pair.Key, pair.Value.Count, [.. pair.Value.Items]))];

        public void Offer(IEnumerable<ItemId> items, int max)
        {
            foreach (var item in items)
            {
                if (Passed.Count >= max)
                {
                    return;
                }

                Offer(item);
            }
        }

        public void Offer(ItemId item)
        {
            if (!_seen.Add(item))
            {
                return;
            }

            if (Reason(item) is { } reason)
            {
                var (count, items) = _filtered.TryGetValue(reason, out var before) ? before : (0, []);
                if (count < Filtered.ItemsMax)
                {
                    items.Add(item);
                }

                _filtered[reason] = (count + 1, items);
                return;
            }

            Passed.Add(item);
        }

        private string? Reason(ItemId item)
            => _excluded.Contains(item) ? "excluded"
                : !catalogue.Unavailable.IsEmpty && catalogue.Unavailable.Contains(item) ? "unavailable"
                : context.Category is { } category && !IsOf(category, item) ? "category"
                : _purchased.Contains(item) ? "purchased"
                : overexposed.Contains(item) ? "exposure"
                : scenario.ShownMax > 0 && context.TimesShown?.GetValueOrDefault(item) >= scenario.ShownMax ? "frequency"
                : null;

        private bool IsOf(string category, ItemId item)
            => catalogue.Items.TryGetValue(item, out var told) && told.Categories.Contains(category, StringComparer.Ordinal);
    }
}
