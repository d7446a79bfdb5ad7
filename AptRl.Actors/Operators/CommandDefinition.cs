using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace AptRl.Actors.Operators;

/// <summary>One command of a palette: its words, what it takes, and who carries it out.</summary>
/// <param name="Name">Its words after the module; empty where the module alone is the command.</param>
/// <param name="Help">What it tells or does, in one line.</param>
/// <param name="Arguments">What it takes; those that their place names, in that order.</param>
/// <param name="Handler">Carries it out, in the node's own process; gives one answer or many.</param>
public sealed record CommandDefinition(
    string Name, string Help, ImmutableArray<CommandArgument> Arguments, Func<CommandCall, IAsyncEnumerable<CommandAnswer>> Handler)
{
    /// <summary>Whether it goes on answering until it is ended: its answers are lines, not one table.</summary>
    public bool IsTail { get; init; }

    /// <summary>What is asked before it is carried out; null where nothing is. Without a yes it is refused.</summary>
    public string? Confirmation { get; init; }

    /// <summary>Its arguments as help shows them.</summary>
    public string Usage => string.Join(' ', Arguments.Select(argument => argument.Usage));

    /// <summary>A command with one answer.</summary>
    public static CommandDefinition Of(string name, string help, Func<CommandCall, Task<CommandAnswer>> handler, params CommandArgument[] arguments)
        => new(name, help, [.. arguments], call => OneAsync(handler, call));

    /// <summary>A command whose answers are lines that come as they happen.</summary>
    public static CommandDefinition Tail(string name, string help, Func<CommandCall, IAsyncEnumerable<CommandAnswer>> handler, params CommandArgument[] arguments)
        => new(name, help, [.. arguments], handler) { IsTail = true };

    private static async IAsyncEnumerable<CommandAnswer> OneAsync(
        Func<CommandCall, Task<CommandAnswer>> handler, CommandCall call, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        cancellation.ThrowIfCancellationRequested();
        yield return await handler(call).ConfigureAwait(false);
    }
}
