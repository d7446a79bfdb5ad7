using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Simulation;

/// <summary>Lets the shoppers of a simulated shop loose on a shopkeeper and writes down what came of every slate.</summary>
/// <remarks>
/// One thread, no clock: the same shop, shopkeeper and options give the same result. Page views are filled in batches of
/// different shoppers, in the order in which the shop hands them out. The drift comes between two batches.
/// </remarks>
public static class ShopRun
{
    /// <summary>Runs.</summary>
    /// <param name="shop">Just opened.</param>
    /// <param name="shopkeeper">Just made.</param>
    /// <param name="options">How long, and how.</param>
    /// <param name="progress">Told now and then how many page views were filled; may be null.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public static ShopRunResult Of(
        SimulatedShop shop, IShopkeeper shopkeeper, ShopRunOptions options, IProgress<int>? progress, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(shop);
        ArgumentNullException.ThrowIfNull(shopkeeper);
        ArgumentNullException.ThrowIfNull(options);
        options.Checked();
        foreach (var interaction in options.History > 0 ? shop.History(options.History) : [])
        {
            shopkeeper.Hear(interaction);
        }

        shopkeeper.Learn();
        var tally = new ShopRunTally(shop, options);
        var turns = new List<ShopTurn>(options.Batch);
        while (tally.Decisions < options.Decisions)
        {
            cancellation.ThrowIfCancellationRequested();
            if (options.DriftAfter is { } drift && tally.Decisions >= drift && shop.DriftAt is null)
            {
                shop.DriftFrom(shop.Now);
            }

            NextTurns(shop, Math.Min(options.Batch, options.Decisions - tally.Decisions), turns);
            Serve(shop, shopkeeper, turns, options, tally);
            progress?.Report(tally.Decisions);
        }

        return tally.Result();
    }

    private static void NextTurns(SimulatedShop shop, int count, List<ShopTurn> turns)
    {
        turns.Clear();
        while (turns.Count < count && shop.NextTurn() is { } turn)
        {
            turns.Add(turn);
        }
    }

    private static void Serve(SimulatedShop shop, IShopkeeper shopkeeper, List<ShopTurn> turns, ShopRunOptions options, ShopRunTally tally)
    {
        foreach (var interaction in turns.SelectMany(turn => turn.Browsing))
        {
            shopkeeper.Hear(interaction);
        }

        var slates = shopkeeper.Fill([.. turns.Select(turn => turn.View)], options.SlateLength);
        for (var i = 0; i < slates.Count; i++)
        {
            var (view, slate) = (turns[i].View, slates[i]);
            var expected = shop.ExpectedCtr(view, slate.Items);
            var best = shop.ExpectedCtr(view, shop.OracleSlate(view, options.SlateLength));
            var response = shop.Respond(view, slate.Items, slate.RecommendationId);
            tally.Add(view, slate.Items, expected, best, Earned(response, options), response);
            foreach (var interaction in response)
            {
                shopkeeper.Hear(interaction);
            }
        }

        shopkeeper.Learn();
    }

    /// <summary>What the slate earned, by the weights of the rewards; leaving counts where nothing was clicked.</summary>
    private static double Earned(ImmutableArray<Interaction> response, ShopRunOptions options)
    {
        var (earned, clicked) = (0.0, response.Any(interaction => interaction.Kind is InteractionKind.SelectItem));
        foreach (var interaction in response)
        {
            RewardType? type = interaction.Kind switch
            {
                InteractionKind.SelectItem => RewardType.Click,
                InteractionKind.AddToCart => RewardType.Cart,
                InteractionKind.Purchase => RewardType.Purchase,
                InteractionKind.Dismiss => RewardType.Dismiss,
                InteractionKind.SessionEnd when !clicked => RewardType.Leave,
                _ => null,
            };
            earned += type is { } known ? options.RewardWeights[(int)known] : 0;
        }

        return earned;
    }
}
