namespace AptRl.Host.Operators;

/// <summary>Commands that belong together, such as those of the cluster: what a host registers with the console.</summary>
/// <remarks>The shape is that of Petabridge.Cmd's palettes: a module name, and commands by name below it.</remarks>
/// <param name="Module">First word of every command of it.</param>
/// <param name="Commands">The commands.</param>
internal sealed record CommandPalette(string Module, IReadOnlyList<ConsoleCommand> Commands);

/// <summary>One command of a palette.</summary>
/// <param name="Name">Its words after the module; empty where the module alone is the command.</param>
/// <param name="Arguments">What it takes, as help shows it; empty for nothing.</param>
/// <param name="Help">What it tells, in one line.</param>
/// <param name="RunAsync">Asks the node; gives the answer.</param>
/// <param name="ArgumentsMin">Words that it needs at least.</param>
internal sealed record ConsoleCommand(
    string Name, string Arguments, string Help, Func<NodeClient, IReadOnlyList<string>, CancellationToken, Task<ConsoleAnswer>> RunAsync, int ArgumentsMin = 0);
