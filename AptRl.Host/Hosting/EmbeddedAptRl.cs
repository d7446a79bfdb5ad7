using Akka.Actor;
using Akka.Hosting;
using AptRl.Actors.Hosting;
using AptRl.Host.Commands;

namespace AptRl.Host.Hosting;

/// <summary>AptRl in this process without the HTTP server: what replay and its verification run on.</summary>
internal sealed class EmbeddedAptRl : IAsyncDisposable
{
    private readonly IHost _host;

    private EmbeddedAptRl(IHost host) => _host = host;

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public IPersonalizer Personalizer => System.Personalizer();

    /// <summary>Starts it and waits until it can be asked.</summary>
    /// <exception cref="UserErrorException">The data folder cannot be used.</exception>
    public static async Task<EmbeddedAptRl> StartAsync(AptRlOptions options, CancellationToken cancellation)
    {
        Environment.SetEnvironmentVariable("DOTNET_HOSTBUILDER__RELOADCONFIGONCHANGE", "false");
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddAkka("aptrl", akka => akka.AddAptRl(options));
        IHost host;
        try
        {
            host = builder.Build();
            await host.StartAsync(cancellation);
        }
        catch (Exception fault) when (fault is IOException or InvalidDataException or ArgumentException)
        {
            throw new UserErrorException(fault.Message);
        }

        return new EmbeddedAptRl(host);
    }

    /// <summary>Ends the actors where they stand, as a killed process would.</summary>
    public Task AbortAsync()
    {
        ((ExtendedActorSystem)System).Abort();
        return System.WhenTerminated;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
