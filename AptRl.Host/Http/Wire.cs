using System.Globalization;
using System.Text.Json;
using AptRl.Actors.Hosting;
using AptRl.Host.Http.Contracts;
using AptRl.Model.Events;
using AptRl.Model.Exploration;
using AptRl.Model.Ingest;
using AptRl.Model.Windows;

namespace AptRl.Host.Http;

/// <summary>Our values in the words of the HTTP interface.</summary>
internal static class Wire
{
    public static RecommendAnswer Recommend(Decision decision, bool explain) => new(
        decision.Id.Value,
        decision.ModelVersion,
        decision.PolicyVersion,
        decision.Policy,
        SlateOf(decision),
        FiltersOf(decision, explain),
        decision.SeenThrough,
        explain ? ExplanationOf(decision) : null,
        decision.IsEstimated ? true : null,
        decision.PolicyAge?.TotalMilliseconds);

    public static RecommendationAudit Audit(Decision decision, IReadOnlyList<EarnedReward>? rewards, bool explain = true) => new(
        decision.Id.Value,
        decision.User.Value,
        decision.Scenario.Value,
        decision.RequestId,
        decision.At,
        decision.SeenThrough,
        decision.Policy,
        decision.PolicyVersion,
        decision.ModelVersion,
        SlateOf(decision),
        FiltersOf(decision, explain),
        explain ? ExplanationOf(decision) : null,
        rewards?.Select(reward => new RewardFact(
            decision.Slate[reward.Position].Item.Value,
            reward.Position,
            JsonNamingPolicy.SnakeCaseLower.ConvertName(reward.Type.ToString()),
            reward.By.Value,
            reward.Amount)).ToArray(),
        decision.IsEstimated ? true : null,
        decision.PolicyAge?.TotalMilliseconds);

    public static TouchBody Touch(Touch touch) => new(touch.Id.Value, touch.Item?.Value, KindNames.Of(touch.Kind), touch.At);

    public static EventBody Event(Interaction interaction) => new(
        interaction.Id.Value,
        interaction.User.Value,
        KindNames.Of(interaction.Kind),
        interaction.At,
        [.. interaction.Items.Select(item => item.Value)],
        interaction.Session,
        interaction.Value,
        interaction.RecommendationId,
        interaction.Position,
        interaction.Query);

    public static ExportLine Export(UserFact fact) => new(
        fact.Sequence, fact.Interaction is null ? null : Event(fact.Interaction), fact.Decision is null ? null : Audit(fact.Decision, rewards: null));

    public static SlateItem[] SlateOf(Decision decision)
    {
        var items = new SlateItem[decision.Slate.Length];
        for (var position = 0; position < items.Length; position++)
        {
            var shown = decision.Slate[position];
            items[position] = new SlateItem(shown.Item.Value, position, shown.Score, shown.Propensity, shown.Explored);
        }

        return items;
    }

    private static FilteredCount[] FiltersOf(Decision decision, bool named)
        => [.. decision.Filters.Select(filter => new FilteredCount(
            filter.Filter, filter.Count, named && !filter.Items.IsDefaultOrEmpty ? [.. filter.Items.Select(item => item.Value)] : null))];

    private static Explanation ExplanationOf(Decision decision) => new(
        double.IsFinite(decision.Gamma) ? decision.Gamma : null,
        decision.Id.Key.ToString("x16", CultureInfo.InvariantCulture),
        [.. decision.Candidates.Select(candidate => new ScoredCandidate(candidate.Item.Value, candidate.Score))],
        Explorations.NameOf(decision.Rule.Kind),
        decision.Rule.Floor,
        decision.Rule.Cap,
        decision.Orders.IsEmpty ? null : decision.Orders,
        decision.GroupMax > 0 ? decision.GroupMax : null,
        decision.GroupMax > 0 ? decision.Groups : null);
}
