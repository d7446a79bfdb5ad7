namespace AptRl.Host.Bench;

/// <summary>Readers of the event streams that the dashboard's pages read, as so many open tabs would be.</summary>
internal sealed class DashboardStreams : IAsyncDisposable
{
    private static readonly string[] Paths = ["/v1/learning/stream", "/v1/pipeline/stream"];

    private readonly CancellationTokenSource _end = new();
    private readonly HttpClient _http;
    private readonly Task[] _readers;
    private long _bytes;

    private DashboardStreams(Uri server, int count)
    {
        _http = new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan };
        _readers = [.. Enumerable.Range(0, count).Select(reader => ReadAsync(Paths[reader % Paths.Length]))];
    }

    /// <summary>Bytes that came.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public static DashboardStreams Open(Uri server, int count) => new(server, count);

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await Task.WhenAll(_readers);
        _http.Dispose();
        _end.Dispose();
    }

    private async Task ReadAsync(string path)
    {
        var buffer = new byte[64 * 1_024];
        try
        {
            await using var stream = await _http.GetStreamAsync(new Uri(path, UriKind.Relative), _end.Token);
            while (await stream.ReadAsync(buffer, _end.Token) is > 0 and var read)
            {
                Interlocked.Add(ref _bytes, read);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
        }
    }
}
