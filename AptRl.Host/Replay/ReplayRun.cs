using System.Diagnostics;
using System.Runtime.CompilerServices;
using Akka.Streams;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Actors.Streams;
using AptRl.Host.Hosting;
using AptRl.Host.Telemetry;
using AptRl.Model.Events;
using AptRl.Model.Ingest;

namespace AptRl.Host.Replay;

/// <summary>Sends a log through the whole graph, epoch by epoch.</summary>
/// <remarks>
/// An epoch is a run of lines that depends on the log alone. All its decisions are made by the policy published before
/// it, users side by side and each user's events in order; what it taught is published after it. So neither timing nor
/// a crash changes any result. When the epoch is published and the sinks are on disk, the cursor moves; after a crash the
/// epoch is sent again: what was done is answered as it was, what was left is finished, and the sinks are cut back.
/// </remarks>
internal sealed class ReplayRun(ReplayOptions options, EmbeddedAptRl aptRl, string model, StageRecorder recorder, TimeProvider clock)
{
    private long _late;
    private long _rejected;

    /// <summary>Runs it to the end of the log, or takes it up where it was left.</summary>
    /// <param name="onRead">Told the lines done.</param>
    /// <param name="cancellation">Ends it between two epochs; it can be taken up again.</param>
    public async Task<ReplayReport> RunAsync(Action<long> onRead, CancellationToken cancellation)
    {
        var cursor = ReplayCursor.Load(options, model);
        var started = Stopwatch.GetTimestamp();
        var read = cursor?.Read ?? 0;
        (_late, _rejected) = (cursor?.Late ?? 0, cursor?.Rejected ?? 0);
        using var rejects = RejectFile.Open(options.RejectsFile, cursor?.RejectsBytes ?? 0);
        using var decisions = DecisionFile.Open(options.DecisionsFile, cursor?.DecisionsBytes ?? 0);
        await foreach (var epoch in EpochsAsync(read, cancellation))
        {
            cancellation.ThrowIfCancellationRequested();
            await RunEpochAsync(epoch, rejects, decisions);
            rejects.Flush();
            decisions.Flush();
            read += epoch.Count;
            Cursor(read, started, cursor, rejects, decisions).Save(options.CursorFile);
            onRead(read);
        }

        return await ReportAsync(read, Seconds(started, cursor));
    }

    private async Task RunEpochAsync(List<ParsedEvent> epoch, RejectFile rejects, DecisionFile decisions)
    {
        foreach (var line in epoch)
        {
            if (line.Rejected is { } rejected)
            {
                rejects.Write(rejected);
                _rejected++;
            }
        }

        var flow = new PersonalizationFlowOptions { Count = options.Count, Parallelism = options.Ordered ? 1 : options.Parallelism };
        var events = epoch.Where(line => line.IsAccepted).ToList();
        var at = 0;
        await Source.From(events.Select(line => line.Interaction!))
            .Via(PersonalizationFlow.Outcomes(aptRl.System, flow))
            .RunForeach(
                outcome =>
                {
                    var line = events[at++].Line;
                    if (outcome.Observed.Status is ObserveStatus.Late)
                    {
                        _late++;
                        rejects.Write(new Rejected(
                            line, "late", $"event {outcome.Interaction.Id} of {outcome.Interaction.At:O} is older than the allowed lateness: sort the log by time", null));
                    }

                    if (outcome.Decision is { } decision)
                    {
                        decisions.Write(decision);
                    }
                },
                aptRl.System.Materializer());
        await aptRl.Personalizer.PublishAsync(CancellationToken.None);
    }

    private async IAsyncEnumerable<List<ParsedEvent>> EpochsAsync(long skip, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var columns = options.Columns is null ? null : ColumnMapping.Parse(options.Columns);
        var epoch = new List<ParsedEvent>(ReplayOptions.EpochLines);
        var ofUser = new Dictionary<UserId, int>();
        await foreach (var line in EventFile.ReadAsync(options.Input, new EventFileOptions { Columns = columns }, clock, cancellation))
        {
            if (skip-- > 0)
            {
                continue;
            }

            var isFull = epoch.Count == ReplayOptions.EpochLines
                || (line.Interaction is { } next && ofUser.GetValueOrDefault(next.User) == ReplayOptions.EpochLinesPerUser);
            if (isFull)
            {
                yield return epoch;
                epoch = new List<ParsedEvent>(ReplayOptions.EpochLines);
                ofUser.Clear();
            }

            epoch.Add(line);
            if (line.Interaction is { } interaction)
            {
                ofUser[interaction.User] = ofUser.GetValueOrDefault(interaction.User) + 1;
            }
        }

        if (epoch.Count > 0)
        {
            yield return epoch;
        }
    }

    private ReplayCursor Cursor(long read, long started, ReplayCursor? from, RejectFile rejects, DecisionFile decisions)
        => new(
            Path.GetFullPath(options.Input), new FileInfo(options.Input).Length, options.Columns, model, options.Count, read, _late, _rejected,
            rejects.Position, decisions.Position, Seconds(started, from));

    private static double Seconds(long started, ReplayCursor? from) => Stopwatch.GetElapsedTime(started).TotalSeconds + (from?.Seconds ?? 0);

    private async Task<ReplayReport> ReportAsync(long read, double seconds)
    {
        var live = await LiveState.ReadAsync(aptRl);
        using var process = Process.GetCurrentProcess();
        return new ReplayReport(
            new ReplayEvents(read, live.Accepted, read - live.Accepted - _late - _rejected, _late, _rejected),
            live.Decisions, live.RewardsJoined, live.PolicyUpdates,
            Math.Round(seconds, 3), Math.Round(read / seconds, 1), Math.Round(process.PeakWorkingSet64 / 1048576.0, 1),
            recorder.Latencies(), live.WindowsHash, live.PolicyHash);
    }
}
