using Akka;
using Akka.Streams.Dsl;
using AptRl.Model.Events;
using AptRl.Model.Ingest;

namespace AptRl.Actors.Streams;

/// <summary>A file of events as a source of a shop's own graph.</summary>
public static class EventFileSource
{
    /// <summary>The events of a file, in its order; what is rejected goes aside, with its reason.</summary>
    /// <remarks>Back-pressured: a line is read when it is asked for. Materialised again it reads the file again.</remarks>
    /// <param name="path">The file: .ndjson, .jsonl, .json, .csv or .tsv, each also with .gz.</param>
    /// <param name="options">Bounds and columns.</param>
    /// <param name="clock">Tells what lies in the future.</param>
    /// <param name="rejects">Where rejected lines go; when it pulls no more, so does the source.</param>
    /// <exception cref="IngestException">The stream fails with it where the file as a whole cannot be read.</exception>
    public static Source<Interaction, NotUsed> Read<TMat>(string path, EventFileOptions options, TimeProvider clock, Sink<Rejected, TMat> rejects)
        => Source.From(() => EventFile.ReadAsync(path, options, clock))
            .DivertTo(Flow.Create<ParsedEvent>().Select(parsed => parsed.Rejected!).To(rejects), parsed => !parsed.IsAccepted)
            .Select(parsed => parsed.Interaction!);
}
