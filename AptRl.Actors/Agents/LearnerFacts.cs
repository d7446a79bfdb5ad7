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
