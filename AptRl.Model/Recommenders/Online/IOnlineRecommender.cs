using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders.Online;

/// <summary>A recommender that goes on learning while it is asked.</summary>
/// <remarks>
/// The catalogue grows: N in <see cref="IRecommender.Score"/> is the number of items met by then, by anybody, learned or
/// not. What a question holds is known at once, whatever was learned; only parameters, indexes and counts wait for
/// <see cref="Learn"/>.
/// </remarks>
public interface IOnlineRecommender : IRecommender
{
    /// <summary>Takes touches in, once each.</summary>
    /// <param name="touches">Oldest first, none older than one of an earlier call.</param>
    void Learn(ReadOnlySpan<UserTouch> touches);
}
