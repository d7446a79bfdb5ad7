using Akka.Actor;

namespace AptRl.Tests.Simulator;

/// <summary>An actor of another process, as one process sees it: what is told goes over the network as bytes.</summary>
internal sealed class FarRef(Network network, Process here, Process there, IActorRef target) : MinimalActorRef
{
    public Process There => there;

    public IActorRef Target => target;

    public override ActorPath Path => target.Path;

    public override IActorRefProvider Provider => ((ExtendedActorSystem)here.System).Provider;

    protected override void TellInternal(object message, IActorRef sender) => network.Send(here, there, target, message, sender);
}
