namespace AptRl.Model.Recommenders;

/// <summary>Every recipe there is, in the order of the report.</summary>
public static class Recipes
{
    /// <summary>One line each.</summary>
    public static IReadOnlyList<IRecipe> All { get; } =
    [
        new PopularityRecipe(),
        new Popularity7Days(),
        new RepeatLast(),
        new SessionPopularity(),
        new Markov(),
        new ItemKnn(),
        new VmisKnnRecipe(),
        new StanRecipe(),
        new EaseR(),
        new BprMf(),
        new ImplicitAls(),
        new Gru4RecRecipe(),
        new LstmRecipe(),
        new SasRecBceRecipe(),
        new SasRecRecipe(),
        new Bert4RecRecipe(),
        new ApTrlAlgorithm1(),
        new ApTrlAlgorithm2(),
        new SessionNeighboursRecipe(),
        new TransformerRecipe(),
        new AptRlRecipe(),
    ];
}
