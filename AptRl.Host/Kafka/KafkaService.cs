using Akka.Actor;
using AptRl.Actors.Hosting;
using AptRl.Host.Telemetry;

namespace AptRl.Host.Kafka;

/// <summary>Kafka beside the HTTP server: it begins when the actors have recovered, and ends before they do.</summary>
internal sealed class KafkaService(KafkaOptions options, IPersonalizer personalizer, ActorSystem system, RejectLog rejects, TimeProvider clock, ILogger<KafkaService> log) : IHostedService, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly KafkaProducer _producer = new(options, clock, log);
    private (Akka.Streams.UniqueKillSwitch Switch, Task<Akka.Done> Ended)? _run;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _run = new KafkaIntake(options, personalizer, _producer, rejects, clock, log).Run(system, _ => { });
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_run is { } run)
        {
            run.Switch.Shutdown();
            await Task.WhenAny(run.Ended, Task.Delay(Patience, clock, cancellationToken));
        }
    }

    public void Dispose() => _producer.Dispose();
}
