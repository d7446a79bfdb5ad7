using System.Diagnostics;

namespace AptRl.Actors.Telemetry;

/// <summary>The spans of a request's way through the actors, under the activity source <see cref="SourceName"/>.</summary>
/// <remarks>
/// Messages carry the context as W3C text in a field of their own, <c>Trace</c>: null where nobody listens, and then no actor
/// makes a span. A thread that runs actors serves many requests, so that what is current there says nothing: a span begins from
/// what its message carries, and leaves behind what was current before. A span of an actor that stops is not ended, and so not told.
/// </remarks>
public static class Spans
{
    /// <summary>Name of the activity source.</summary>
    public const string SourceName = "AptRl";

    /// <summary>A request for a slate, from the call to the answer.</summary>
    public const string Recommend = "aptrl.recommend";

    /// <summary>An event, from the call to the answer.</summary>
    public const string Observe = "aptrl.observe";

    /// <summary>Items for the catalogue, from the call to the answer.</summary>
    public const string Upsert = "aptrl.upsert";

    /// <summary>A request at its user, from its arrival to the durable decision.</summary>
    public const string UserRecommend = "aptrl.user.recommend";

    /// <summary>An event at its user, from its arrival to its answer.</summary>
    public const string UserObserve = "aptrl.user.observe";

    /// <summary>A window at the encoder, from its arrival to its state.</summary>
    public const string Encode = "aptrl.encode";

    /// <summary>Candidates, filters, scores and draw.</summary>
    public const string Decide = "aptrl.decide";

    /// <summary>Lessons at a learner, from their arrival to their being durable.</summary>
    public const string Learn = "aptrl.learn";

    /// <summary>A policy solved and sent to the agents.</summary>
    public const string Publish = "aptrl.publish";

    /// <summary>A fact on its way into the journal, from the call to the confirmation.</summary>
    public const string Write = "aptrl.journal.write";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Every name, as the documentation lists them.</summary>
    public static IReadOnlyList<string> Names { get; } = [Recommend, Observe, Upsert, UserRecommend, UserObserve, Encode, Decide, Learn, Publish, Write];

    /// <summary>A span below what is current: for the edge, where a caller's context is.</summary>
    public static Activity? Start(string name) => Source.StartActivity(name);

    /// <summary>A span below what a message carries; none where it carries nothing.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="trace">As <see cref="TraceOf"/> gave it.</param>
    /// <param name="others">Further spans that this one serves.</param>
    public static Activity? Start(string name, string? trace, IEnumerable<Activity>? others = null)
    {
        if (trace is null || !ActivityContext.TryParse(trace, null, out var parent))
        {
            return null;
        }

        var before = Activity.Current;
        Activity.Current = null;
        var span = Source.StartActivity(name, ActivityKind.Internal, parent, links: others?.Select(other => new ActivityLink(other.Context)));
        Activity.Current = before;
        return span;
    }

    /// <summary>What a message carries on; null where the span is not recorded.</summary>
    public static string? TraceOf(Activity? span) => span is { Recorded: true } ? span.Id : null;

    /// <summary>The span of a fact's way into the journal.</summary>
    public static Activity? StartWrite(string? trace, object fact, IEnumerable<Activity>? others = null)
        => trace is null ? null : Start(Write, trace, others)?.SetTag("aptrl.fact", fact.GetType().Name);

    /// <summary>Ends a span that was begun from a message.</summary>
    /// <param name="span">Null where there is none.</param>
    /// <param name="outcome">What came of it; null where nothing else can.</param>
    /// <param name="fault">Why it failed; null where it did not.</param>
    public static void End(Activity? span, string? outcome = null, string? fault = null)
    {
        if (span is null)
        {
            return;
        }

        if (outcome is not null)
        {
            span.SetTag("aptrl.outcome", outcome);
        }

        if (fault is not null)
        {
            span.SetStatus(ActivityStatusCode.Error, fault);
        }

        // Stopping makes current what was so when the span began, long ago and for another message.
        var before = Activity.Current;
        span.Stop();
        Activity.Current = before;
    }
}
