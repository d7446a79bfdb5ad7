using AptRl.Model.Events;

namespace AptRl.Model.Evaluation;

/// <summary>How a recommender did on one touch, before it could learn it.</summary>
/// <param name="Rank">Place of the touched item among all items met so far, from 1; <see cref="RankedAnswer.Miss"/> where it has none.</param>
/// <param name="User">Whose touch it was: the cluster.</param>
/// <param name="Kind">What the user did.</param>
/// <param name="Target">How well the item was known.</param>
/// <param name="Seconds">When, since 1970.</param>
/// <param name="StalenessSeconds">How much older than the question the newest touch is that was learned.</param>
/// <param name="Waiting">Touches that had happened and were not learned yet.</param>
public readonly record struct PrequentialAnswer(
    int Rank, int User, InteractionKind Kind, TargetNovelty Target, long Seconds, long StalenessSeconds, int Waiting);

/// <summary>How well an item was known when it was asked for.</summary>
public enum TargetNovelty
{
    /// <summary>The user had touched it before.</summary>
    Repeat,

    /// <summary>New to the user; the fit had seen it.</summary>
    Fitted,

    /// <summary>New to the user; others touched it, but only since the fit.</summary>
    Since,

    /// <summary>Nobody had touched it: a miss for everyone.</summary>
    Unmet,
}
