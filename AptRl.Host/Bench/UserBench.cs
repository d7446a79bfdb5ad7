using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptRl.Actors.Persistence;
using AptRl.Host.Commands;
using AptRl.Model.Events;

namespace AptRl.Host.Bench;

/// <summary>What users cost that are known, and what those cost that are in memory.</summary>
/// <param name="Registered">Users that the journal knows.</param>
/// <param name="EventsAUser">Events that each of them has.</param>
/// <param name="EventsPerSecond">Events a second while they were sent, in batches.</param>
/// <param name="JournalMb">Size of the journal's files, in MiB.</param>
/// <param name="JournalBytesAUser">The same for each user, catalogue included.</param>
/// <param name="StartSeconds">From the start of a server on this journal until it is ready.</param>
/// <param name="Resident">Users that were then woken.</param>
/// <param name="WokenPerSecond">Users a second that were read from the journal and answered, <see cref="UserBench.InFlight"/> at a time.</param>
/// <param name="WakeP50Ms">Half of them were awake and had answered within this time.</param>
/// <param name="WakeP99Ms">99 % of them.</param>
/// <param name="MemoryMbBefore">Memory that the server had resident when it was ready, in MiB.</param>
/// <param name="MemoryMbResident">The same when all of them were awake.</param>
/// <param name="MemoryBytesAUser">What of it is due to each user.</param>
/// <param name="Errors">Answers that were wrong.</param>
internal sealed record UserReport(
    int Registered, int EventsAUser, double EventsPerSecond, double JournalMb, double JournalBytesAUser, double StartSeconds,
    int Resident, double WokenPerSecond, double WakeP50Ms, double WakeP99Ms, double MemoryMbBefore, double MemoryMbResident, double MemoryBytesAUser, long Errors)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string ToJson() => JsonSerializer.Serialize(new { Users = this }, Readable);
}

/// <summary>A bench of many users on one server: makes them known, starts the server anew, wakes some, and weighs all of it.</summary>
internal sealed class UserBench(int registered, int resident, int eventsAUser, TimeProvider clock)
{
    /// <summary>Requests under way.</summary>
    public const int InFlight = 32;

    private const int EventsABatch = 100;
    private const int AttemptsMax = 30;
    private const double Mb = 1 << 20;

    // Events of one user a second apart: all of them in the past, and in order.
    private readonly DateTimeOffset _first = clock.GetUtcNow() - TimeSpan.FromSeconds(eventsAUser + 1);
    private readonly LatencyLog _log = new();

    /// <summary>What was wrong, the first of each kind; empty where nothing was.</summary>
    public IReadOnlyCollection<string> Faults => _log.Faults;

    /// <summary>Runs it.</summary>
    /// <param name="start">Starts a server on the data folder, whose users leave memory after so long.</param>
    /// <param name="dataDir">The data folder.</param>
    /// <param name="shop">Its users and items.</param>
    /// <param name="fill">Fills the catalogue of a server.</param>
    /// <param name="phase">Tells how far each phase is.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task<UserReport> RunAsync(
        Func<TimeSpan, Task<ServerProcess>> start, string dataDir, BenchShop shop, Func<Uri, Task> fill, Func<string, IProgress<double>> phase, CancellationToken cancellation)
    {
        double eventsPerSecond;
        await using (var first = await start(TimeSpan.FromSeconds(10)))
        {
            await fill(first.Address);
            eventsPerSecond = await RegisterAsync(first.Address, shop, phase("registering"), cancellation);
            await first.StopAsync(cancellation);
        }

        var journal = Directory.GetFiles(dataDir, "journal.db*").Sum(file => new FileInfo(file).Length);
        CheckJournal(dataDir);
        var since = clock.GetTimestamp();
        await using var server = await start(TimeSpan.FromHours(12));
        var startSeconds = clock.GetElapsedTime(since).TotalSeconds;
        var before = server.MemoryMb();
        var waking = new LatencyLog();
        var wokenPerSecond = await WakeAsync(server.Address, waking, phase("waking"), cancellation);
        var after = server.MemoryMb();
        await CheckResidentAsync(server.Address, cancellation);
        return new UserReport(
            registered, eventsAUser, Math.Round(eventsPerSecond), Math.Round(journal / Mb, 1), Math.Round(journal / (double)registered), Math.Round(startSeconds, 1),
            resident, Math.Round(wokenPerSecond), waking.Milliseconds(50), waking.Milliseconds(99), before, after, Math.Round((after - before) * Mb / resident), _log.Wrong);
    }

    private async Task<double> RegisterAsync(Uri server, BenchShop shop, IProgress<double> progress, CancellationToken cancellation)
    {
        var since = clock.GetTimestamp();
        var chance = new Chance(1).Split("registering");
        var batches = new List<(int From, int[] Items)>();
        var usersABatch = Math.Max(1, EventsABatch / eventsAUser);
        for (var from = 0; from < registered; from += usersABatch)
        {
            var items = new int[Math.Min(usersABatch, registered - from) * eventsAUser];
            for (var i = 0; i < items.Length; i++)
            {
                items[i] = shop.DrawItem(ref chance);
            }

            batches.Add((from, items));
        }

        await EachAsync(server, batches, (http, batch) => UntilTakenAsync(http, batch.From, batch.Items, cancellation), _log, progress, cancellation);
        return (double)registered * eventsAUser / clock.GetElapsedTime(since).TotalSeconds;
    }

    // What is busy is sent again under the same ids, as a shop does; what was taken meanwhile is a duplicate.
    private async Task<string?> UntilTakenAsync(HttpClient http, int from, int[] items, CancellationToken cancellation)
    {
        var (taken, last) = (0, "");
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            using var body = new ByteArrayContent(BodyOf(from, items));
            body.Headers.ContentType = new("application/json");
            using var response = await http.PostAsync(new Uri("/v1/events", UriKind.Relative), body, cancellation);
            last = await response.Content.ReadAsStringAsync(cancellation);
            if (response.IsSuccessStatusCode)
            {
                var results = JsonNode.Parse(last)!["results"]!.AsArray();
                taken = results.Count(result => (string?)result!["status"] is "accepted" or "duplicate");
                if (taken == items.Length)
                {
                    return null;
                }
            }

            await Task.Delay(response.Headers.RetryAfter?.Delta ?? TimeSpan.FromSeconds(1), clock, cancellation);
        }

        return $"of {items.Length} events {taken} were taken after {AttemptsMax} attempts: {last[..Math.Min(last.Length, 200)]}";
    }

    private async Task<double> WakeAsync(Uri server, LatencyLog waking, IProgress<double> progress, CancellationToken cancellation)
    {
        var since = clock.GetTimestamp();

        // From everywhere in the journal, not from one end of it.
        int[] users = [.. Enumerable.Range(0, resident).Select(one => (int)((long)one * registered / resident))];
        await EachAsync(server, users, async (http, user) =>
        {
            using var response = await http.GetAsync(new Uri($"/v1/users/{BenchShop.UserOf(user)}/window", UriKind.Relative), cancellation);
            var answer = await response.Content.ReadAsStringAsync(cancellation);
            var last = IdOf(user, eventsAUser - 1);
            return response.IsSuccessStatusCode && (string?)JsonNode.Parse(answer)!["touches"]!.AsArray()[^1]!["eventId"] == last ? null
                : $"{BenchShop.UserOf(user)}'s last event is {last}, the answer was {(int)response.StatusCode} {answer[..Math.Min(answer.Length, 200)]}";
        }, waking, progress, cancellation);
        return resident / clock.GetElapsedTime(since).TotalSeconds;
    }

    private async Task EachAsync<T>(
        Uri server, IReadOnlyCollection<T> all, Func<HttpClient, T, Task<string?>> faultOf, LatencyLog log, IProgress<double> progress, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = server };
        var done = 0;
        await Parallel.ForEachAsync(all, new ParallelOptions { MaxDegreeOfParallelism = InFlight, CancellationToken = cancellation }, async (one, _) =>
        {
            var asked = clock.GetTimestamp();
            var fault = await faultOf(http, one);
            log.Answered(clock.GetElapsedTime(asked), fault);
            if (fault is not null && log != _log)
            {
                _log.Failed(fault);
            }

            progress.Report((double)Interlocked.Increment(ref done) / all.Count);
        });
    }

    private static string IdOf(int user, int turn) => string.Create(CultureInfo.InvariantCulture, $"{user}-{turn}");

    private byte[] BodyOf(int from, int[] items) => Json.Write(json =>
    {
        json.WriteStartArray("events"u8);
        for (var i = 0; i < items.Length; i++)
        {
            var (user, turn) = (from + (i / eventsAUser), i % eventsAUser);
            json.WriteStartObject();
            json.WriteString("id"u8, IdOf(user, turn));
            json.WriteString("type"u8, "view_item");
            json.WriteString("user"u8, BenchShop.UserOf(user));
            json.WriteString("time"u8, _first.AddSeconds(turn));
            json.WriteString("itemId"u8, BenchShop.NameOf(items[i]));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    });

    private async Task CheckResidentAsync(Uri server, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = server };
        var awake = (int?)JsonNode.Parse(await http.GetStringAsync(new Uri("/v1/cluster", UriKind.Relative), cancellation))!["entities"];
        if (awake != resident)
        {
            throw new UserErrorException($"{awake} users are awake, {resident} were woken");
        }
    }

    private void CheckJournal(string dataDir)
    {
        using var store = new SqliteStore(dataDir, Durability.Process);
        using var connection = store.OpenToRead();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*), count(DISTINCT persistence_id) FROM journal WHERE manifest = 'IA'";
        using var row = command.ExecuteReader();
        row.Read();
        if ((row.GetInt64(0), row.GetInt64(1)) != ((long)registered * eventsAUser, registered))
        {
            throw new UserErrorException($"the journal has {row.GetInt64(0)} events of {row.GetInt64(1)} users, {(long)registered * eventsAUser} of {registered} were sent, and {_log.Wrong} batches not taken");
        }
    }
}
