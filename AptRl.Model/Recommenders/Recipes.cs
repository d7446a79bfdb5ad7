namespace AptRl.Model.Recommenders;

/// <summary>Every recipe there is, in the order of the report.</summary>
public static class Recipes
{
    /// <summary>One line each.</summary>
    public static IReadOnlyList<IRecipe> All { get; } =
    [
        new PopularityRecipe(),
        new VmisKnnRecipe(),
        new StanRecipe(),
        new SessionNeighboursRecipe(),
        new TransformerRecipe(),
        new AptRlRecipe(),
    ];
}
