using Akka.Actor;
using Akka.Event;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AptRl.Actors.Persistence;

/// <summary>The journal did not take a fact: published on the actor system's event stream.</summary>
/// <param name="Writer">The writer's name in the journal.</param>
/// <param name="Cause">What the journal said.</param>
public sealed record WriteFailed(string Writer, Exception Cause) : INoSerializationVerificationNeeded
{
    private const int SqliteFull = 13;

    /// <summary>Whether there is no room: until somebody makes some, no write will do.</summary>
    public bool IsFull => All(Cause).Any(cause => cause is SqliteException { SqliteErrorCode: SqliteFull } or PostgresException { SqlState: PostgresErrorCodes.DiskFull });

    /// <summary>The cause in a line.</summary>
    public string Reason => All(Cause).Last().Message;

    /// <summary>Tells it, in a line of the log too: while a disk is full there is one for each request.</summary>
    internal static void Tell(IActorContext context, ILoggingAdapter log, string writer, Exception cause)
    {
        var failed = new WriteFailed(writer, cause);
        log.Error("the journal did not take a fact of {0}: {1}", writer, failed.Reason);
        context.System.EventStream.Publish(failed);
    }

    private static IEnumerable<Exception> All(Exception cause)
        => cause is AggregateException several ? several.Flatten().InnerExceptions.SelectMany(All)
            : cause.InnerException is { } inner ? [cause, .. All(inner)]
            : [cause];
}
