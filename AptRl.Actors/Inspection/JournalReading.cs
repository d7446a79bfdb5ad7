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

    /// <summary>Adds a parameter whose value may be set anew.</summary>
    public static DbParameter Add(this DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
        return parameter;
    }

    public static JournalStore StoreOf(ActorSystem system) => SetupOf(system).Store;

    public static PersonalizerSetup SetupOf(ActorSystem system)
        => system.Settings.Setup.Get<PersonalizerSetup>() is { HasValue: true } setup
            ? setup.Value
            : throw new InvalidOperationException("AptRl was not added to this actor system: call AddAptRl on its builder");
}
