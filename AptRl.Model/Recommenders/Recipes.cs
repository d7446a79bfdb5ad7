using AptRl.Model.Recommenders.Heads;

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

    /// <summary>The offline Q heads and the head for the next kind of touch: <c>--models heads</c>.</summary>
    /// <remarks>Apart from the others, because they need rewards: what data without kinds tell them is that everything was viewed.</remarks>
    public static IReadOnlyList<IRecipe> Heads { get; } =
    [
        new SqnRecipe(),
        new SnqnRecipe(),
        new Sa2cRecipe(),
        new Sa2cCqlRecipe(),
        new DqnRecipe(),
        new NextActionRecipe(),
    ];

    /// <summary>What a gain of the heads has to stand beside: <c>--models controls</c>.</summary>
    public static IReadOnlyList<IRecipe> Controls => ControlRecipe.All;
}
