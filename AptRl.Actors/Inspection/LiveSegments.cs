using System.Collections.Immutable;
using System.Globalization;
using Akka.Actor;
using AptRl.Actors.Hosting;
using AptRl.Model.Segments;
using AptRl.Model.Windows;

namespace AptRl.Actors.Inspection;

/// <summary>Which segment a user belongs to, among those who were here of late.</summary>
/// <remarks>
/// <para>Nothing is fitted before somebody asks. Then segments are found from the windows of the users who are in the newest
/// <see cref="FactsMax"/> facts of the journal, at most <see cref="UsersMax"/> of them, and kept for
/// <see cref="KeptFor"/>: so they are updated as users and encoder are, and a name may change with them. One fit at a time;
/// whoever asks meanwhile waits for it.</para>
/// <para>The windows are asked of the users' actors, which wakes those that were at rest.</para>
/// </remarks>
public sealed class LiveSegments(ActorSystem system, IPersonalizer personalizer, TimeProvider clock) : IDisposable
{
    /// <summary>Users that segments are found from at most.</summary>
    public const int UsersMax = 500;

    /// <summary>Facts of the journal, from the newest, in which they are looked for.</summary>
    public const int FactsMax = 50_000;

    private const int AskedAtOnce = 16;

    /// <summary>How long segments are kept.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private readonly SemaphoreSlim _gate = new(1);
    private (UserSegments? Segments, string? Fault, long At)? _kept;

    /// <summary>The segment of a user.</summary>
    /// <param name="window">The user's touches, oldest first; may be empty.</param>
    /// <param name="now">Event time.</param>
    /// <param name="cancellation">Stops the wait.</param>
    /// <returns>The segment and the number of users that all of them were found from; or why there are none.</returns>
    public async Task<(Segment? Segment, int Users, string? Fault)> OfAsync(ImmutableArray<Touch> window, DateTimeOffset now, CancellationToken cancellation)
    {
        var model = JournalReading.SetupOf(system).Options.Model;
        await _gate.WaitAsync(cancellation).ConfigureAwait(false);
        try
        {
            if (_kept is not { Segments: not null } kept || clock.GetElapsedTime(kept.At) > KeptFor)
            {
                _kept = kept = await FitAsync(now, cancellation).ConfigureAwait(false);
            }

            return kept.Segments is { } segments
                ? (segments.Assign(model, window, now), segments.Segments.Sum(segment => segment.Users), null)
                : (null, 0, kept.Fault);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _gate.Dispose();

    private async Task<(UserSegments? Segments, string? Fault, long At)> FitAsync(DateTimeOffset now, CancellationToken cancellation)
    {
        var users = new JournalUsers(system).Newest(FactsMax, UsersMax);
        var windows = new ImmutableArray<Touch>[users.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, users.Count), new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellation },
            async (at, token) => windows[at] = [.. (await personalizer.UserAsync(users[at], token).ConfigureAwait(false))?.Window ?? []])
            .ConfigureAwait(false);
        var options = new SegmentOptions();
        var known = windows.Count(window => window.Length >= options.TouchesMin);
        return known < 2
            ? (null, string.Create(
                CultureInfo.InvariantCulture, $"{known} of {users.Count} users who were here of late have {options.TouchesMin} touches or more, 2 are needed: they come with the shoppers"), clock.GetTimestamp())
            : (UserSegments.Fit(JournalReading.SetupOf(system).Options.Model, windows, now, options), null, clock.GetTimestamp());
    }
}
