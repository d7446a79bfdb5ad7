using System.Collections.Immutable;

namespace AptRl.Actors.Clustering;

/// <summary>I follow this writer: tell me its entries from now on. Sent again and again; answered by <see cref="Standing"/>.</summary>
/// <param name="Writer">The writer's name in the journal.</param>
public sealed record Follow(string Writer);

/// <summary>How far a writer is. Who has not got so far has missed something and reads it from the journal.</summary>
/// <param name="Writer">The writer's name in the journal.</param>
/// <param name="Entry">Number of its newest durable entry; 0 for none.</param>
public sealed record Standing(string Writer, long Entry);

/// <summary>A writer has made an entry durable.</summary>
/// <param name="Writer">The writer's name in the journal.</param>
/// <param name="Entry">The entry's number there: each is one more than the one before.</param>
/// <param name="Manifest">What kind of fact it is.</param>
/// <param name="Fact">The fact as the journal has it; empty where it is too long to be sent, and to be read from there.</param>
public sealed record EntryTold(string Writer, long Entry, string Manifest, ImmutableArray<byte> Fact);

/// <summary>Answer when an entry is in force on this node. Answered by <see cref="InForce"/>.</summary>
/// <param name="Entry">The entry's number; null for a policy's version.</param>
/// <param name="Version">Version of a policy; null for an entry's number.</param>
public sealed record WhenInForce(long? Entry, long? Version) : IWithinNode;

/// <summary>What was asked for is in force on this node.</summary>
public sealed record InForce : IWithinNode;
