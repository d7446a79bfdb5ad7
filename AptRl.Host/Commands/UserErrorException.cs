namespace AptRl.Host.Commands;

/// <summary>A verb cannot do what was asked; the text has the value, the rule and the way out.</summary>
internal sealed class UserErrorException(string message, int exitCode = Cli.Failed) : Exception(message)
{
    /// <summary><see cref="Cli.Failed"/>, or <see cref="Cli.Usage"/> where the command line itself was wrong.</summary>
    public int ExitCode { get; } = exitCode;
}
