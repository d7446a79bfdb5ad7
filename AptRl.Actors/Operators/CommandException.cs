namespace AptRl.Actors.Operators;

/// <summary>A command cannot be carried out; the text tells the operator why, and the way out.</summary>
public sealed class CommandException : Exception
{
    /// <summary>Refuses the command.</summary>
    /// <param name="message">Value, rule and way out.</param>
    /// <param name="isMisuse">Whether it was written wrongly, as opposed to being impossible now.</param>
    public CommandException(string message, bool isMisuse = false)
        : base(message)
        => IsMisuse = isMisuse;

    /// <summary>Whether it was written wrongly.</summary>
    public bool IsMisuse { get; }
}
