using AptRl.Model.Datasets;
using AptRl.Model.Events;

namespace AptRl.Model.Recommenders.Online;

/// <summary>One algorithm that can go on learning, with what it is fitted by at first.</summary>
public interface IOnlineRecipe
{
    /// <summary>What <c>--models</c> calls it.</summary>
    string Name { get; }

    /// <summary>Fits to the oldest touches of a log.</summary>
    /// <param name="log">The log, of which nothing after <paramref name="count"/> may be looked at.</param>
    /// <param name="count">Touches to learn from.</param>
    /// <param name="context">Seed, progress and cancellation.</param>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    IOnlineStart Fit(EventLog log, int count, FitContext context);
}

/// <summary>A fit from which online learning can begin any number of times.</summary>
public interface IOnlineStart : IDisposable
{
    /// <summary>A recommender as the fit left it. The caller disposes it.</summary>
    /// <param name="met">Names of the items met, growing with the log.</param>
    IOnlineRecommender Begin(IReadOnlyList<ItemId> met);
}
