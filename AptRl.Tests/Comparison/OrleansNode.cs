using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AptRl.Comparison;

/// <summary>Users as grains of Orleans. Between processes only strings go, by Orleans' own serializers.</summary>
internal sealed class OrleansNode : IContestant
{
    private readonly IHost _host;
    private readonly IGrainFactory _grains;

    private OrleansNode(IHost host, IGrainFactory grains) => (_host, _grains) = (host, grains);

    /// <summary>Starts a silo.</summary>
    /// <param name="port">Where it listens for silos.</param>
    /// <param name="gateway">Where it listens for clients.</param>
    public static async Task<OrleansNode> StartSiloAsync(int port, int gateway)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo.UseLocalhostClustering(port, gateway));
        return await StartAsync(builder.Build(), host => host.Services.GetRequiredService<IGrainFactory>());
    }

    /// <summary>Starts a client of a silo.</summary>
    /// <param name="gateway">Where the silo listens for clients.</param>
    public static async Task<OrleansNode> StartClientAsync(int gateway)
    {
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleansClient(client => client.UseLocalhostClustering(gateway));
        return await StartAsync(builder.Build(), host => host.Services.GetRequiredService<IClusterClient>());
    }

    public Task<string> DecideAsync(string user, string request) => _grains.GetGrain<IBrainGrain>(user).DecideAsync(request);

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private static async Task<OrleansNode> StartAsync(IHost host, Func<IHost, IGrainFactory> grains)
    {
        await host.StartAsync();
        return new OrleansNode(host, grains(host));
    }
}

/// <summary>A user.</summary>
public interface IBrainGrain : IGrainWithStringKey
{
    /// <summary>The slate of a request.</summary>
    Task<string> DecideAsync(string request);
}

/// <summary>A user's window in a grain.</summary>
public sealed class BrainGrain : Grain, IBrainGrain
{
    private Brain? _brain;

    /// <inheritdoc/>
    public Task<string> DecideAsync(string request) => Task.FromResult((_brain ??= new Brain(this.GetPrimaryKeyString())).Decide(request));
}
