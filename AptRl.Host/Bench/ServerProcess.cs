using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AptRl.Host.Commands;
using AptRl.Host.Configuration;

namespace AptRl.Host.Bench;

/// <summary>The real server as a process of its own: this program, started again as <c>serve</c>.</summary>
internal sealed class ServerProcess : IAsyncDisposable
{
    private const int LinesKept = 50;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();

    private ServerProcess(Process process, Uri address)
    {
        (_process, Address) = (process, address);
        _process.OutputDataReceived += (_, line) => Keep(line.Data);
        _process.ErrorDataReceived += (_, line) => Keep(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    public Uri Address { get; }

    /// <summary>Starts the server on a free port of loopback and waits until it is ready.</summary>
    /// <param name="userIdleMax">How long users stay in memory; null for the server's own default.</param>
    /// <exception cref="UserErrorException">It ended, or was not ready in time; the text has its last words.</exception>
    public static Task<ServerProcess> StartAsync(string dataDir, string model, TimeProvider clock, CancellationToken cancellation, TimeSpan? userIdleMax = null)
        => StartAsync(dataDir, model, clock, new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePorts(1)[0]}")), [], cancellation, userIdleMax);

    /// <summary>Starts the server at an address and with more options, and waits until it is ready.</summary>
    /// <exception cref="UserErrorException">It ended, or was not ready in time; the text has its last words.</exception>
    public static async Task<ServerProcess> StartAsync(
        string dataDir, string model, TimeProvider clock, Uri address, IReadOnlyList<string> more, CancellationToken cancellation, TimeSpan? userIdleMax = null)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };

        // Started as "dotnet aptrl.dll", this process is dotnet.
        string[] self = Path.GetFileNameWithoutExtension(start.FileName) == "dotnet" ? [typeof(ServerProcess).Assembly.Location] : [];
        foreach (var argument in (string[])[.. self, "serve", "--urls", address.GetLeftPart(UriPartial.Authority), "--data-dir", dataDir, "--model", model, "--operator-port", "off", .. more])
        {
            start.ArgumentList.Add(argument);
        }

        // A key that is set for a server of theirs is not for this one: it listens on loopback only.
        start.Environment.Remove("APTRL_API_KEY");
        if (userIdleMax is { } idle)
        {
            start.Environment[$"{ServeOptions.Section}__{nameof(ServeOptions.UserIdleMax)}"] = idle.ToString("c", CultureInfo.InvariantCulture);
        }

        var server = new ServerProcess(Process.Start(start)!, address);
        try
        {
            await server.WaitUntilReadyAsync(clock, cancellation);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>The most memory that the process had resident so far, in MiB; null where it has ended or the system does not tell.</summary>
    public double? PeakMemoryMb() => _process.HasExited ? null : Mb(StatusOf("VmHWM:") ?? Refreshed().PeakWorkingSet64);

    /// <summary>Memory that the process has resident, in MiB.</summary>
    public double MemoryMb() => Mb(Refreshed().WorkingSet64) ?? 0;

    /// <summary>Tells it to end in order, as an operator does, and waits until it has.</summary>
    /// <exception cref="UserErrorException">It did not end in time.</exception>
    public async Task StopAsync(CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        using var kill = Process.Start("kill", ["-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        try
        {
            await _process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new UserErrorException($"the server did not end within {Patience.TotalSeconds} s. {LastWords()}");
        }
    }

    /// <summary>Processor time that it has taken so far.</summary>
    public TimeSpan ProcessorTime() => Refreshed().TotalProcessorTime;

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            // Its data is thrown away with it, so it need not end in order.
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }

    /// <summary>Ports of loopback that are free now, all different.</summary>
    public static int[] FreePorts(int count)
    {
        TcpListener[] listeners = [.. Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0))];
        Array.ForEach(listeners, listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        Array.ForEach(listeners, listener => listener.Dispose());
        return ports;
    }

    private async Task WaitUntilReadyAsync(TimeProvider clock, CancellationToken cancellation)
    {
        using var http = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        var start = clock.GetTimestamp();
        while (!await IsReadyAsync(http, cancellation))
        {
            if (_process.HasExited)
            {
                throw new UserErrorException($"the server ended with exit code {_process.ExitCode} before it was ready. {LastWords()}");
            }

            if (clock.GetElapsedTime(start) > Patience)
            {
                throw new UserErrorException($"the server was not ready within {Patience.TotalSeconds} s. {LastWords()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), clock, cancellation);
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(new Uri("/health/ready", UriKind.Relative), cancellation);
            return response.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }

    private Process Refreshed()
    {
        _process.Refresh();
        return _process;
    }

    // The runtime does not tell the peak on Linux; the kernel does.
    private long? StatusOf(string name)
    {
        var status = $"/proc/{_process.Id}/status";
        return File.Exists(status) && File.ReadLines(status).FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal)) is { } line
            ? 1_024 * long.Parse(line.AsSpan(name.Length, line.Length - name.Length - 2), NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture)
            : null;
    }

    private static double? Mb(long bytes) => bytes > 0 ? Math.Round(bytes / (double)(1 << 20), 1) : null;

    private string LastWords() => _lines.IsEmpty ? "It said nothing." : $"It said:{Environment.NewLine}{string.Join(Environment.NewLine, _lines)}";

    private void Keep(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            if (_lines.Count > LinesKept)
            {
                _lines.TryDequeue(out _);
            }
        }
    }
}
