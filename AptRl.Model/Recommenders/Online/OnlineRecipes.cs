namespace AptRl.Model.Recommenders.Online;

/// <summary>Every recipe that can go on learning, in the order of the report.</summary>
public static class OnlineRecipes
{
    /// <summary>One line each.</summary>
    public static IReadOnlyList<IOnlineRecipe> All { get; } =
    [
        new CountingRecipe("popularity", () => new NewestPopularity()),
        new CountingRecipe("repeat-last", () => new OnlineRepeatLast()),
        new CountingRecipe("session-neighbours", () => new OnlineNeighbours()),
        new OnlineEncoderRecipe(),
        new OnlineMixRecipe(),
    ];
}
