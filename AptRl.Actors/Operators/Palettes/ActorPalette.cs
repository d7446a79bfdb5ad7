using System.Collections.Immutable;
using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Akka.Actor;
using Akka.Routing;

namespace AptRl.Actors.Operators.Palettes;

/// <summary>The actors of this node.</summary>
public static class ActorPalette
{
    /// <summary>Children of one actor that are shown; the rest is counted.</summary>
    public const int ChildrenMax = 20;

    /// <summary>Actors that are shown at all.</summary>
    public const int ActorsMax = 1_000;

    /// <summary><c>actor hierarchy</c>, <c>actor system</c>.</summary>
    public static CommandPalette Palette { get; } = new(
        "actor",
        CommandDefinition.Of(
            "hierarchy", "actors below a path, with their types", call => Task.FromResult(Hierarchy(call)),
            CommandArgument.Optional("path", "where to begin: /user if not said; users are below /system/sharding/user"),
            CommandArgument.Number("depth", "levels shown, 1 to 10; 3 if not said")),
        CommandDefinition.Of("system", "the actor system: name, address, age, versions, settings", call => Task.FromResult(System(call.Of<ActorSystem>()))));

    private static CommandAnswer Hierarchy(CommandCall call)
    {
        var (path, depth) = (call.Find("path") ?? "/user", call.Number("depth", 3, 1, 10));
        var (rows, left) = (ImmutableArray.CreateBuilder<ImmutableArray<string>>(), ActorsMax);
        var json = Show(Find(call.Of<ActorSystem>(), path), 0, depth, rows, ref left);
        return new CommandAnswer([], rows.ToImmutable(), json);
    }

    private static ActorRefWithCell Find(ActorSystem system, string path)
    {
        var names = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        IActorRef? at = names is ["system", ..] ? ((ExtendedActorSystem)system).SystemGuardian : names is ["user", ..] ? ((ExtendedActorSystem)system).Guardian : null;
        foreach (var name in names.Skip(1))
        {
            at = (at as ActorRefWithCell)?.Children.FirstOrDefault(child => child.Path.Name == name);
        }

        return at as ActorRefWithCell
            ?? throw new CommandException($"there is no actor '{path}' on this node: paths begin with /user or /system, and 'actor hierarchy {string.Join("", names.SkipLast(1).Select(name => $"/{name}"))}' shows those above");
    }

    // Who stops while we look is shown without children.
    private static JsonObject Show(ActorRefWithCell actor, int level, int depth, ImmutableArray<ImmutableArray<string>>.Builder rows, ref int left)
    {
        var children = actor.Children.OrderBy(child => child.Path.Name, StringComparer.Ordinal).ToList();
        var type = actor.Underlying.Props.RouterConfig is not NoRouter and not null ? "Router" : actor.Underlying.Props.Type.Name;
        var json = new JsonObject { ["path"] = actor.Path.ToStringWithoutAddress(), ["type"] = type, ["children"] = children.Count };
        rows.Add([$"{new string(' ', 2 * level)}{(level == 0 ? actor.Path.ToStringWithoutAddress() : actor.Path.Name)}", type]);
        left--;
        if (level + 1 >= depth)
        {
            if (children.Count > 0)
            {
                rows.Add([$"{new string(' ', 2 * level + 2)}… {Count(children.Count)} below"]);
            }

            return json;
        }

        var (shown, below) = (0, new JsonArray());
        foreach (var child in children.OfType<ActorRefWithCell>().Take(ChildrenMax))
        {
            if (left > 0)
            {
                below.Add((JsonNode)Show(child, level + 1, depth, rows, ref left));
                shown++;
            }
        }

        if (shown < children.Count)
        {
            rows.Add([$"{new string(' ', 2 * level + 2)}… and {Count(children.Count - shown)} more"]);
        }

        json["actors"] = below;
        return json;
    }

    private static string Count(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static CommandAnswer System(ActorSystem system)
    {
        var address = ((ExtendedActorSystem)system).Provider.DefaultAddress;
        return CommandAnswer.Facts(
            ("name", system.Name), ("address", address.ToString()), ("uptime", system.Uptime),
            ("akka", VersionOf(typeof(ActorSystem).Assembly)), ("aptrl", VersionOf(typeof(ActorPalette).Assembly)),
            ("runtime", global::System.Runtime.InteropServices.RuntimeInformation.FrameworkDescription),
            ("processors", Environment.ProcessorCount), ("log level", system.Settings.LogLevel), ("provider", system.Settings.ProviderClass.Split(',')[0]));
    }

    private static string VersionOf(Assembly assembly)
        => assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "";
}
