using System.Collections.Immutable;
using Akka.Actor;

namespace AptRl.Actors.Clustering;

/// <summary>Asks an actor that may be on its way out, or to another node.</summary>
internal static class Asking
{
    // What was with a node when it left or died is not answered. The first is the longest that a user takes who is nowhere in particular.
    internal static readonly ImmutableArray<TimeSpan> Waits = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(4)];

    /// <summary>Asks, and where no answer comes in a while sends the same again; the first answer counts.</summary>
    /// <remarks>
    /// Only for what may be sent twice. An event that is sent again may so be answered as a duplicate of itself: it was accepted, and
    /// the answer lost with the node.
    /// </remarks>
    /// <exception cref="AskTimeoutException">No answer came.</exception>
    public static async Task<T> AskAgainAsync<T>(this IActorRef actor, object message, TimeSpan timeout, TimeProvider clock, CancellationToken cancellation)
    {
        var start = clock.GetTimestamp();
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var asked = new List<Task<T>> { actor.Ask<T>(message, timeout, over.Token) };
        try
        {
            foreach (var wait in Waits)
            {
                var answered = await Task.WhenAny([.. asked, Waited(wait)]).ConfigureAwait(false);
                if (answered is Task<T> answer)
                {
                    return await answer.ConfigureAwait(false);
                }

                if (timeout - clock.GetElapsedTime(start) is var left && left > TimeSpan.Zero)
                {
                    asked.Add(actor.Ask<T>(message, left, over.Token));
                }
            }

            return await (await Task.WhenAny(asked).ConfigureAwait(false)).ConfigureAwait(false);
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
        }

        Task Waited(TimeSpan wait) => Task.Delay(wait, clock, over.Token);
    }
}
