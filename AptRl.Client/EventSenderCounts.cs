namespace AptRl.Client;

/// <summary>What became of the events given to a sender. <c>Given = Waiting + Accepted + Duplicate + Late + Rejected + GivenUp</c>.</summary>
/// <param name="Given">Events that the sender took.</param>
/// <param name="Waiting">Events that wait or are under way: not known to be kept.</param>
/// <param name="Accepted">The server said that they are durable.</param>
/// <param name="Duplicate">The server had them already: an answer was lost, or the caller sent them before.</param>
/// <param name="Late">Too old for their users' windows.</param>
/// <param name="Rejected">They break a rule.</param>
/// <param name="GivenUp">Not answered when the sender was closed: the server may have them or not.</param>
/// <param name="Full">Events that <see cref="EventSender.TryPost"/> refused because the queue was full; they are not among those given.</param>
public sealed record EventSenderCounts(
    long Given, long Waiting, long Accepted, long Duplicate, long Late, long Rejected, long GivenUp, long Full);
