using Akka.Actor;

namespace AptRl.Actors.Persistence;

/// <summary>The journal cannot be reached, or did not take what was written: nothing is known to be kept. Ask again in a second.</summary>
/// <param name="message">What it did not do, with the way out.</param>
public sealed class JournalAwayException(string message = "the journal is away: ask again in a second") : AskTimeoutException(message);
