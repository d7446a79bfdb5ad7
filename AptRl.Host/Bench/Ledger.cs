using System.Collections.Concurrent;

namespace AptRl.Host.Bench;

/// <summary>What a caller knows: what it sent, and what was answered as durable.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<(string User, string Id), bool> _events = [];
    private readonly ConcurrentDictionary<string, bool> _decisions = [];
    private long _requests;

    /// <summary>Events and requests that were sent, each once, however often it was repeated.</summary>
    public long Sent => _events.Count + Interlocked.Read(ref _requests);

    /// <summary>Those that were answered as durable.</summary>
    public long Answered => AnsweredEvents.LongCount() + _decisions.Count;

    /// <summary>Events that were answered.</summary>
    public IEnumerable<(string User, string Id)> AnsweredEvents => _events.Where(pair => pair.Value).Select(pair => pair.Key);

    /// <summary>Ids of the decisions that were answered.</summary>
    public IEnumerable<string> AnsweredDecisions => _decisions.Keys;

    public void SendsEvent(string user, string id) => _events[(user, id)] = false;

    public void AnsweredEvent(string user, string id) => _events[(user, id)] = true;

    public void SendsRequest() => Interlocked.Increment(ref _requests);

    public void AnsweredDecision(string id) => _decisions[id] = true;
}

/// <summary>Whether what callers were told is what the journals say.</summary>
/// <param name="Sent">Events and requests sent.</param>
/// <param name="Answered">Those answered as durable.</param>
/// <param name="Journalled">Events, decisions and rewards in the journals.</param>
/// <param name="Lost">Answered, and not in the journal of its user; or a reward of an answered event that the learner's journal does not have.</param>
/// <param name="Doubled">In a journal more than once.</param>
/// <param name="Events">Events in the journals.</param>
/// <param name="Decisions">Decisions in the journals.</param>
/// <param name="RewardsJoined">Rewards in the users' journals.</param>
/// <param name="RewardsLearned">Rewards in the learners' journals.</param>
internal sealed record LedgerReport(
    long Sent, long Answered, long Journalled, long Lost, long Doubled, long Events, long Decisions, long RewardsJoined, long RewardsLearned);
