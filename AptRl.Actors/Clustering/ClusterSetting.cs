using System.Security.Cryptography.X509Certificates;
using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Configuration;
using Akka.Hosting;
using Akka.Remote.Hosting;
using Akka.Remote.Transport.DotNetty;

namespace AptRl.Actors.Clustering;

/// <summary>How an actor system becomes a cluster of one node, or one node of a cluster.</summary>
internal static class ClusterSetting
{
    /// <summary>A cluster of one node, which listens on loopback for nobody.</summary>
    public static AkkaConfigurationBuilder WithOneNode(this AkkaConfigurationBuilder builder)
        => builder.WithRemoting(new RemoteOptions { HostName = "127.0.0.1", Port = 0 }).WithClustering();

    /// <summary>One node of several.</summary>
    public static AkkaConfigurationBuilder WithNode(this AkkaConfigurationBuilder builder, NodeOptions node, Shop shop)
        => builder
            .WithCertificate(node.Certificate)
            .AddHocon(Hocon, HoconAddMode.Prepend)
            .WithRemoting(new RemoteOptions { HostName = node.Host, Port = node.Port })
            .WithClustering(new ClusterOptions { Roles = [.. node.Roles, Joining.RoleOf(shop)], SplitBrainResolver = new KeepMajorityOption() })
            .WithActors((system, _) => system.ActorOf(Props.Create(() => new ShopActor(shop)), ShopActor.Name));

    // Both sides show the certificate, and it is compared whole: to have it, with its key, is what lets a node in.
    private static AkkaConfigurationBuilder WithCertificate(this AkkaConfigurationBuilder builder, X509Certificate2? certificate)
        => certificate is null ? builder : builder
            .AddSetup(new DotNettySslSetup(
                certificate, suppressValidation: false, requireMutualAuthentication: true,
                (shown, _, _, _, _) => shown is not null && shown.RawData.AsSpan().SequenceEqual(certificate.RawData)))
            .AddHocon("akka.remote.dot-netty.tcp.enable-ssl = on", HoconAddMode.Prepend);

    // A node that says nothing for about 5 s is called unreachable, and removed 5 s later by the side that has the majority; the
    // others end themselves. The largest message is a request with 2,000 ids of 256 characters.
    private static readonly Config Hocon = ConfigurationFactory.ParseString(
        """
        akka {
          remote.dot-netty.tcp {
            maximum-frame-size = 4000000b
            send-buffer-size = 8000000b
            receive-buffer-size = 8000000b
          }
          cluster {
            seed-node-timeout = 5s
            shutdown-after-unsuccessful-join-seed-nodes = 60s
            failure-detector.acceptable-heartbeat-pause = 4s
            split-brain-resolver.stable-after = 5s
            sharding.buffer-size = 10000
            singleton-proxy.singleton-identification-interval = 500ms
          }
          coordinated-shutdown.phases {
            cluster-sharding-shutdown-region.timeout = 20s
            cluster-exiting.timeout = 20s
          }
        }
        """);
}
