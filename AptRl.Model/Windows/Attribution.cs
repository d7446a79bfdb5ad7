using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Windows;

/// <summary>A reward joined to the decision that earned it.</summary>
/// <param name="Decision">Which decision.</param>
/// <param name="Position">Position in its slate, from 0.</param>
/// <param name="Type">What kind of reward.</param>
/// <param name="Amount">In units of 1/<see cref="FeatureVector.One"/>; negative where a reward is taken back.</param>
public readonly record struct JoinedReward(DecisionId Decision, int Position, RewardType Type, int Amount);

/// <summary>Joins what a user did to the decision that caused it.</summary>
/// <remarks>
/// By <see cref="Interaction.RecommendationId"/> where it names a remembered decision, else, where
/// <see cref="WindowOptions.CreditUnnamed"/> says so, to the last decision before the event that showed the item, within the
/// attribution window of the reward's type. A decision earns each type at
/// most once for a position; a removal or refund takes back what was earned, once. The money of a purchase, shared out over its
/// items, is a reward of its own, and is taken back with it. A session end is a
/// <see cref="RewardType.Leave"/> for the last decision if it earned no click, shared out over its slate.
/// </remarks>
public static class Attribution
{
    /// <summary>The rewards that this interaction earns, given the decisions remembered (oldest first).</summary>
    public static ImmutableArray<JoinedReward> Join(Interaction interaction, IReadOnlyList<RememberedDecision> decisions, WindowOptions options)
    {
        if (interaction.Kind is InteractionKind.SessionEnd)
        {
            return Leave(interaction, decisions, options);
        }

        if (interaction.RecommendationId is null && !options.CreditUnnamed)
        {
            return [];
        }

        if (TypeOf(interaction.Kind) is not var (type, sign) || interaction.Items.IsEmpty)
        {
            return [];
        }

        var distinct = interaction.Items.Distinct().ToList();
        var joined = ImmutableArray.CreateBuilder<JoinedReward>();
        foreach (var item in distinct)
        {
            for (var i = decisions.Count - 1; i >= 0; i--)
            {
                var decision = decisions[i].Decision;
                if (!Covers(decision, interaction, options.AttributionOf(decision.Scenario, type)) || decision.PositionOf(item) is not (>= 0 and var position))
                {
                    continue;
                }

                if (decisions[i].Earned(position, type) == (sign < 0))
                {
                    joined.Add(new(decision.Id, position, type, sign * FeatureVector.One));
                    var money = type is not RewardType.Purchase ? 0
                        : sign < 0 ? -decisions[i].AmountOf(position, RewardType.Value)
                        : options.TeachingOf(decision.Scenario).Rewards.AmountOf((interaction.Value ?? 0) / distinct.Count);
                    if (money != 0)
                    {
                        joined.Add(new(decision.Id, position, RewardType.Value, money));
                    }
                }

                break;
            }
        }

        return joined.DrainToImmutable();
    }

    private static ImmutableArray<JoinedReward> Leave(Interaction interaction, IReadOnlyList<RememberedDecision> decisions, WindowOptions options)
    {
        for (var i = decisions.Count - 1; i >= 0; i--)
        {
            var decision = decisions[i].Decision;
            if (!Covers(decision, interaction, options.AttributionOf(decision.Scenario, RewardType.Leave)))
            {
                continue;
            }

            var any = Enumerable.Range(0, decision.Slate.Length)
                .Any(position => decisions[i].Earned(position, RewardType.Click) || decisions[i].Earned(position, RewardType.Leave));
            return any ? [] : [.. Enumerable.Range(0, decision.Slate.Length)
                .Select(position => new JoinedReward(decision.Id, position, RewardType.Leave, FeatureVector.One / decision.Slate.Length))];
        }

        return [];
    }

    private static bool Covers(Decision decision, Interaction interaction, TimeSpan window)
        => interaction.RecommendationId is { } named
            ? decision.Id.Value == named && (interaction.At - decision.At).Duration() <= window
            : decision.At <= interaction.At && interaction.At - decision.At <= window;

    private static (RewardType Type, int Sign)? TypeOf(InteractionKind kind) => kind switch
    {
        InteractionKind.ViewItem or InteractionKind.SelectItem => (RewardType.Click, 1),
        InteractionKind.AddToCart or InteractionKind.AddToWishlist or InteractionKind.BeginCheckout => (RewardType.Cart, 1),
        InteractionKind.RemoveFromCart => (RewardType.Cart, -1),
        InteractionKind.Purchase => (RewardType.Purchase, 1),
        InteractionKind.Refund => (RewardType.Purchase, -1),
        InteractionKind.Dismiss => (RewardType.Dismiss, 1),
        _ => null,
    };
}
