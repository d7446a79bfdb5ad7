using System.Globalization;

namespace AptRl.Host.Bench;

/// <summary>The nodes of one cluster as processes of their own, over one database; each can be killed, stopped and started again.</summary>
internal sealed class NodeProcesses : IAsyncDisposable
{
    private readonly string _folder;
    private readonly string _model;
    private readonly string _postgres;
    private readonly TimeProvider _clock;
    private readonly int[] _ports;
    private readonly ServerProcess?[] _nodes;

    private NodeProcesses(int count, string folder, string model, string postgres, TimeProvider clock)
    {
        (_folder, _model, _postgres, _clock) = (folder, model, postgres, clock);
        _ports = ServerProcess.FreePorts(2 * count);
        _nodes = new ServerProcess?[count];
    }

    public int Count => _nodes.Length;

    /// <summary>Starts them one after another; the first begins the cluster.</summary>
    public static async Task<NodeProcesses> StartAsync(
        int count, string folder, string model, string postgres, TimeProvider clock, IProgress<double> progress, CancellationToken cancellation)
    {
        var nodes = new NodeProcesses(count, folder, model, postgres, clock);
        try
        {
            for (var node = 0; node < count; node++)
            {
                await nodes.StartAsync(node, cancellation);
                progress.Report((node + 1.0) / count);
            }

            return nodes;
        }
        catch
        {
            await nodes.DisposeAsync();
            throw;
        }
    }

    /// <summary>Where a node listens, whether it runs or not.</summary>
    public Uri AddressOf(int node) => new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_ports[2 * node]}"));

    /// <summary>Starts a node, at the ports that it had, and waits until it is ready.</summary>
    public async Task StartAsync(int node, CancellationToken cancellation)
        => _nodes[node] = await ServerProcess.StartAsync(
            Path.Combine(_folder, $"node-{node}"), _model, _clock, AddressOf(node),
            [
                "--cluster", "--cluster-port", PortOf(node), "--postgres", _postgres,
                .. Enumerable.Range(0, Count).SelectMany(seed => (string[])["--seed", $"127.0.0.1:{PortOf(seed)}"]),
            ],
            cancellation);

    /// <summary>As <c>kill -9</c>.</summary>
    public ValueTask KillAsync(int node) => Interlocked.Exchange(ref _nodes[node], null)?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>As an operator stops it: it leaves in order.</summary>
    public async Task StopAsync(int node, CancellationToken cancellation)
    {
        await using var stopping = Interlocked.Exchange(ref _nodes[node], null)!;
        await stopping.StopAsync(cancellation);
    }

    /// <summary>The most memory that each of those that run had resident, added up, in MiB.</summary>
    public double? PeakMemoryMb() => Math.Round(_nodes.Sum(node => node?.PeakMemoryMb() ?? 0), 1);

    public async ValueTask DisposeAsync()
    {
        for (var node = 0; node < Count; node++)
        {
            await KillAsync(node);
        }
    }

    private string PortOf(int node) => _ports[(2 * node) + 1].ToString(CultureInfo.InvariantCulture);
}
