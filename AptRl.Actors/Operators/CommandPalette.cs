using System.Collections.Immutable;

namespace AptRl.Actors.Operators;

/// <summary>Commands that belong together, such as those of the cluster: what a host registers for its operators.</summary>
/// <remarks>
/// The shape is that of Petabridge.Cmd's palettes: a module name, and commands by name below it. Several palettes may have one
/// module, as long as no two of their commands have the same words.
/// </remarks>
/// <param name="Module">First word of every command of it.</param>
/// <param name="Commands">The commands.</param>
public sealed record CommandPalette(string Module, ImmutableArray<CommandDefinition> Commands)
{
    /// <summary>A palette of these commands.</summary>
    public CommandPalette(string module, params CommandDefinition[] commands)
        : this(module, ImmutableArray.Create(commands))
    {
    }
}
