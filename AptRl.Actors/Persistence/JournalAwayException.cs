using Akka.Actor;

namespace AptRl.Actors.Persistence;

/// <summary>The journal cannot be reached: nothing can be said now. Ask again in a second.</summary>
public sealed class JournalAwayException() : AskTimeoutException("the journal is away: ask again in a second");
