using System.Data.Common;
using Akka.Actor;
using AptRl.Actors.Hosting;
using AptRl.Actors.Persistence;

namespace AptRl.Actors.Inspection;

/// <summary>The journal's table, to be read beside the actors that write it.</summary>
internal static class JournalReading
{
    /// <summary>A connection that cannot write.</summary>
    public static DbConnection Open(ActorSystem system) => StoreOf(system).OpenToRead();

    public static JournalStore StoreOf(ActorSystem system) => SetupOf(system).Store;

    public static PersonalizerSetup SetupOf(ActorSystem system)
        => system.Settings.Setup.Get<PersonalizerSetup>() is { HasValue: true } setup
            ? setup.Value
            : throw new InvalidOperationException("AptRl was not added to this actor system: call AddAptRl on its builder");
}
