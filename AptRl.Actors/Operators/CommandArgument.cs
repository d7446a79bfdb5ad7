namespace AptRl.Actors.Operators;

/// <summary>Something that a command takes.</summary>
/// <param name="Name">How the handler asks for it, and how help shows it.</param>
/// <param name="Help">What it means, with its default.</param>
public sealed record CommandArgument(string Name, string Help)
{
    /// <summary>Whether the command is refused without it.</summary>
    public bool IsMandatory { get; init; }

    /// <summary>How it is named in a line, such as <c>--depth</c>; null where its place names it.</summary>
    public string? Switch { get; init; }

    /// <summary>Whether its being there is all: no value follows the switch.</summary>
    public bool IsFlag { get; init; }

    /// <summary>As help shows it: <c>USER</c>, <c>[PATH]</c>, <c>[--depth N]</c>.</summary>
    public string Usage
    {
        get
        {
            var text = Switch is null ? Name.ToUpperInvariant() : IsFlag ? Switch : $"{Switch} N";
            return IsMandatory ? text : $"[{text}]";
        }
    }

    /// <summary>One that its place names, and that must be there.</summary>
    public static CommandArgument Mandatory(string name, string help) => new(name, help) { IsMandatory = true };

    /// <summary>One that its place names, and that may be left out.</summary>
    public static CommandArgument Optional(string name, string help) => new(name, help);

    /// <summary>A number after its switch, <c>--NAME N</c>.</summary>
    public static CommandArgument Number(string name, string help) => new(name, help) { Switch = $"--{name}" };

    /// <summary>A switch without a value, <c>--NAME</c>.</summary>
    public static CommandArgument Flag(string name, string help) => new(name, help) { Switch = $"--{name}", IsFlag = true };
}
