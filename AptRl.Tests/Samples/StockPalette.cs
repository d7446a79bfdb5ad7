using AptRl.Actors.Operators;

// As it would stand in a shop's own code.
namespace MyShop;

/// <summary>Commands of the shop's own, beside AptRl's in the console.</summary>
internal static class StockPalette
{
    private static readonly (string Item, int Left)[] Stock = [("boot", 2), ("hat", 140)];

    public static CommandPalette Palette { get; } = new(
        "stock",
        CommandDefinition.Of("low", "items of which little is left", Low, CommandArgument.Number("below", "how little; 10 if not said")));

    // A real one would ask its own services: call.Of<Warehouse>().
    private static Task<CommandAnswer> Low(CommandCall call)
    {
        var below = call.Number("below", usual: 10, least: 1, most: 1_000);
        return Task.FromResult(CommandAnswer.Table(Stock.Where(row => row.Left < below), ("item", row => row.Item), ("left", row => row.Left)));
    }
}
