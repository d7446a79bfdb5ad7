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
/// most once for a position; a removal or refund takes back what was earned, once. A session end is a
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

        var window = type is RewardType.Cart or RewardType.Purchase ? options.PurchaseAttribution : options.ClickAttribution;
        var joined = ImmutableArray.CreateBuilder<JoinedReward>();
        foreach (var item in interaction.Items.Distinct())
        {
            for (var i = decisions.Count - 1; i >= 0; i--)
            {
                if (!Covers(decisions[i].Decision, interaction, window)
                    || decisions[i].Decision.PositionOf(item) is not (>= 0 and var position))
                {
                    continue;
                }

                if (decisions[i].Earned(position, type) == (sign < 0))
                {
                    joined.Add(new(decisions[i].Decision.Id, position, type, sign * FeatureVector.One));
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
            if (!Covers(decision, interaction, options.ClickAttribution))
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
