using System.Text.Json.Nodes;

namespace AptRl.Host.Operators;

/// <summary>A command as a node describes it.</summary>
/// <param name="Words">All its words, module first.</param>
/// <param name="Confirmation">What is asked before it is carried out; null where nothing is.</param>
/// <param name="IsTail">Whether its answers are lines that go on coming.</param>
internal sealed record KnownCommand(string Words, string Help, string? Confirmation, bool IsTail, IReadOnlyList<KnownArgument> Arguments)
{
    public string Usage => $"{Words} {string.Join(' ', Arguments.Select(argument => argument.Usage))}".TrimEnd();

    /// <summary>Those that a node's answer lists. Members that are not known are left aside: a node may be newer than we are.</summary>
    public static IReadOnlyList<KnownCommand> Read(JsonNode? answer) =>
    [
        .. from palette in answer?["palettes"]?.AsArray() ?? []
           from command in palette["commands"]!.AsArray()
           select new KnownCommand(
               $"{palette["module"]} {command["name"]}".TrimEnd(), (string?)command["help"] ?? "", (string?)command["confirmation"], (bool?)command["tail"] ?? false,
               [.. (command["arguments"]?.AsArray() ?? []).Select(argument => new KnownArgument(
                   (string?)argument!["usage"] ?? "", (string?)argument["switch"], (string?)argument["help"] ?? ""))]),
    ];
}

/// <summary>What a command takes, as a node describes it.</summary>
internal sealed record KnownArgument(string Usage, string? Switch, string Help);
