using Akka.Actor;
using Akka.Actor.Setup;
using AptRl.Actors.Persistence;

namespace AptRl.Actors.Hosting;

/// <summary>What the personalizer of an actor system is made from.</summary>
internal sealed class PersonalizerSetup(AptRlOptions options, NodeActors node, JournalStore store, JournalGate gate) : Setup
{
    public AptRlOptions Options { get; } = options;

    public NodeActors Node { get; } = node;

    public JournalStore Store { get; } = store;

    public JournalGate Gate { get; } = gate;
}

/// <summary>Holds the one personalizer of an actor system.</summary>
internal sealed class PersonalizerExtension(IPersonalizer personalizer) : IExtension
{
    public IPersonalizer Personalizer { get; } = personalizer;
}

/// <summary>Makes it on first use.</summary>
internal sealed class PersonalizerExtensionProvider : ExtensionIdProvider<PersonalizerExtension>
{
    public override PersonalizerExtension CreateExtension(ExtendedActorSystem system)
        => system.Settings.Setup.Get<PersonalizerSetup>() is { HasValue: true } setup
            ? new PersonalizerExtension(new Personalizer(system, setup.Value.Options, setup.Value.Node, setup.Value.Gate))
            : throw new InvalidOperationException("AptRl was not added to this actor system: call AddAptRl on its builder");
}
