using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Retrieval;

namespace AptRl.Model.Learning;

/// <summary>A session that may go on.</summary>
/// <param name="Session">Its number in the lessons.</param>
/// <param name="Number">Its number in the memory; null while it has one touch only.</param>
/// <param name="Only">The item of its only touch; null once it is in the memory.</param>
/// <param name="LastAt">Event time of its newest touch.</param>
public readonly record struct OpenSession(long Session, long? Number, ItemId? Only, DateTimeOffset LastAt);

/// <summary>Live sessions at rest: what a snapshot holds.</summary>
/// <param name="Items">The item of each number in the memory.</param>
/// <param name="ItemsForgotten">Items dropped at the bound.</param>
/// <param name="NewestAt">Event time of the newest touch; the beginning of time before the first.</param>
/// <param name="Open">Sessions that may go on, by their numbers in the lessons.</param>
/// <param name="Memory">What retrieval remembers.</param>
public sealed record LiveSessionsImage(
    ImmutableArray<ItemId> Items, long ItemsForgotten, DateTimeOffset NewestAt, ImmutableArray<OpenSession> Open, SessionMemoryImage Memory);
