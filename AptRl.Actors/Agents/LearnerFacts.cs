using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Actors.Agents;

/// <summary>A lesson and whose it is.</summary>
/// <param name="User">Whose.</param>
/// <param name="Lesson">The lesson.</param>
public sealed record LessonOf(UserId User, Lesson Lesson);

/// <summary>The journal's fact of a learner: a batch of lessons was taken.</summary>
/// <param name="Lessons">Each taken once.</param>
/// <param name="Forgotten">Users who settled everything: their numbers need not be remembered.</param>
/// <param name="Publishes">Whether the policy of the next version holds all that was taken so far.</param>
public sealed record LessonsLearned(ImmutableArray<LessonOf> Lessons, ImmutableArray<UserId> Forgotten, bool Publishes);

/// <summary>The journal's fact of a learner: another encoder has taken over, with the regression made anew; what was taken so far is published with it.</summary>
/// <param name="Encoder">Version of the encoder.</param>
/// <param name="Buckets">The regression's rows as this encoder sees them, by bucket of event time.</param>
/// <param name="Forgotten">Lessons of them that came too late for their bucket.</param>
public sealed record EncoderTookOver(string Encoder, ImmutableArray<(long Bucket, RidgeStatistics Statistics)> Buckets, long Forgotten);

/// <summary>A learner's snapshot, taken at a publication.</summary>
/// <param name="Hash">Hash of <paramref name="Learner"/>, compared when it is read back.</param>
/// <param name="Learner">What was learned.</param>
/// <param name="Taken">Highest lesson taken of each user who has not settled everything.</param>
/// <param name="Updates">Batches journalled.</param>
public sealed record LearnerSnapshot(
    string Hash, LearnerImage Learner, ImmutableArray<KeyValuePair<UserId, long>> Taken, long Updates);

/// <summary>The journal's fact of the catalogue: items were added or replaced.</summary>
/// <param name="Items">The items.</param>
public sealed record ItemsUpserted(ImmutableArray<Item> Items);

/// <summary>The catalogue's snapshot.</summary>
/// <param name="Items">All items.</param>
public sealed record CatalogueSnapshot(ImmutableArray<Item> Items);
