using System.Globalization;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams.Dsl;
using AptRl.Actors.Agents;
using AptRl.Actors.Inspection;
using AptRl.Actors.Persistence;
using AptRl.Model.Ingest;
using AptRl.Model.Windows;

namespace AptRl.Actors.Operators.Palettes;

/// <summary>The facts of the journal as they are written.</summary>
public static class JournalPalette
{
    /// <summary>Facts of the past that a tail begins with, at most.</summary>
    public const int LinesMax = 200;

    /// <summary><c>journal tail</c>.</summary>
    public static CommandPalette Palette { get; } = new(
        "journal",
        CommandDefinition.Tail(
            "tail", "the newest facts, then each as it is written", call => TailAsync(call),
            CommandArgument.Optional("writer", "only of this writer, such as user-ann, learner-home, catalogue"),
            CommandArgument.Number("lines", "facts of the past to begin with, 0 to 200; 10 if not said"),
            CommandArgument.Number("count", "ends after so many facts in all; never if not said"),
            CommandArgument.Flag("no-follow", "ends with the newest fact")));

    /// <remarks>Of one writer's past the whole is read; of everybody's, what the last numbers of the journal hold.</remarks>
    private static async IAsyncEnumerable<CommandAnswer> TailAsync(CommandCall call, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (system, writer) = (call.Of<ActorSystem>(), call.Find("writer"));
        var (lines, left) = (call.Number("lines", 10, 0, LinesMax), call.Number("count", int.MaxValue, 1, int.MaxValue));
        var journal = PersistenceQuery.Get(system).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier);
        var written = (await call.Of<NodeStatus>().ReadAsync(cancellation).ConfigureAwait(false)).Journal.Written;

        var past = new Queue<EventEnvelope>();
        var before = writer is null ? journal.CurrentAllEvents(Offset.Sequence(Math.Max(0, written - lines))) : JournalFacts.Of(system, writer);
        await foreach (var envelope in before.RunAsAsyncEnumerable(system).WithCancellation(cancellation).ConfigureAwait(false))
        {
            past.Enqueue(envelope);
            if (past.Count > lines)
            {
                past.Dequeue();
            }

            written = Math.Max(written, OrderOf(envelope));
        }

        foreach (var envelope in past.Take(left))
        {
            yield return LineOf(envelope);
        }

        left -= past.Count;
        if (left <= 0 || call.Has("no-follow"))
        {
            yield break;
        }

        // A number given away is not yet a fact that can be read: what is of the past is left out by its own number.
        var live = journal.AllEvents(Offset.Sequence(written)).Where(envelope => OrderOf(envelope) > written && (writer is null || envelope.PersistenceId == writer));
        await foreach (var envelope in live.Take(left).RunAsAsyncEnumerable(system).WithCancellation(cancellation).ConfigureAwait(false))
        {
            yield return LineOf(envelope);
        }
    }

    private static long OrderOf(EventEnvelope envelope) => envelope.Offset is Sequence sequence ? sequence.Value : 0;

    private static CommandAnswer LineOf(EventEnvelope envelope) => CommandAnswer.Line(
        ("number", OrderOf(envelope)), ("writer", envelope.PersistenceId), ("sequence", envelope.SequenceNr), ("fact", envelope.Event.GetType().Name), ("what", WhatOf(envelope.Event)));

    private static string WhatOf(object fact) => fact switch
    {
        InteractionAccepted { Interaction: var its, Rewards: var rewards } => string.Create(CultureInfo.InvariantCulture,
            $"{KindNames.Of(its.Kind)} {string.Join(' ', its.Items.Select(item => item.Value))} at {its.At:O}, event {its.Id}, {rewards.Length} rewards"),
        DecisionMade { Decision: var its } => string.Create(CultureInfo.InvariantCulture,
            $"{its.Id} {string.Join(' ', its.Slate.Select(shown => shown.Item.Value))} by {its.Policy} {its.PolicyVersion}"),
        LessonsSettled its => string.Create(CultureInfo.InvariantCulture, $"{its.Scenario} through {its.Through}"),
        LessonsLearned its => string.Create(CultureInfo.InvariantCulture,
            $"{its.Lessons.Length} lessons, {its.Forgotten.Length} users forgotten{(its.Publishes ? ", publishes" : "")}"),
        EncoderTookOver its => its.Encoder,
        ItemsUpserted its => string.Create(CultureInfo.InvariantCulture, $"{its.Items.Length} items"),
        _ => "",
    };
}
