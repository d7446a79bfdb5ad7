using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace AptRl.Actors.Operators;

/// <summary>A command that an operator gave, as its handler sees it.</summary>
public sealed class CommandCall
{
    private readonly CommandDefinition _command;
    private readonly ImmutableDictionary<string, string> _values;

    private CommandCall(CommandDefinition command, ImmutableDictionary<string, string> values, IServiceProvider services, CancellationToken cancellation)
        => (_command, _values, Services, Cancellation) = (command, values, services, cancellation);

    /// <summary>The services of the host that the node runs in.</summary>
    public IServiceProvider Services { get; }

    /// <summary>Ends the command early: the operator has gone, or the node stops.</summary>
    public CancellationToken Cancellation { get; }

    /// <summary>Reads the words after a command's own.</summary>
    /// <exception cref="CommandException">They are not what it takes.</exception>
    public static CommandCall Parse(CommandDefinition command, IReadOnlyList<string> words, IServiceProvider services, CancellationToken cancellation)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        var places = new Queue<CommandArgument>(command.Arguments.Where(argument => argument.Switch is null));
        var isPlain = false;
        for (var at = 0; at < words.Count; at++)
        {
            // A name may look like a switch: after -- nothing is one.
            if (!isPlain && words[at] == "--")
            {
                isPlain = true;
            }
            else if (!isPlain && words[at].StartsWith("--", StringComparison.Ordinal))
            {
                var its = command.Arguments.FirstOrDefault(argument => argument.Switch == words[at])
                    ?? throw Misused(command, $"'{words[at]}' is none of its switches");
                values[its.Name] = its.IsFlag ? "" : ++at < words.Count ? words[at] : throw Misused(command, $"a value is missing after '{its.Switch}'");
            }
            else
            {
                values[places.TryDequeue(out var place) ? place.Name : throw Misused(command, $"'{words[at]}' is too much")] = words[at];
            }
        }

        var missing = command.Arguments.FirstOrDefault(argument => argument.IsMandatory && !values.ContainsKey(argument.Name));
        return missing is null
            ? new CommandCall(command, values.ToImmutable(), services, cancellation)
            : throw Misused(command, $"{missing.Usage} is missing");
    }

    /// <summary>A service of the host.</summary>
    public T Of<T>()
        where T : notnull
        => Services.GetRequiredService<T>();

    /// <summary>Whether an argument was given.</summary>
    public bool Has(string name) => _values.ContainsKey(name);

    /// <summary>An argument's text; null where it was left out.</summary>
    public string? Find(string name) => _values.GetValueOrDefault(name);

    /// <summary>The text of a mandatory argument.</summary>
    public string Text(string name) => _values[name];

    /// <summary>An argument's whole number, or the default.</summary>
    /// <exception cref="CommandException">It is none, or out of its bounds.</exception>
    public int Number(string name, int usual, int least, int most)
        => Find(name) is not { } text ? usual
            : int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
            : throw Misused(_command, string.Create(CultureInfo.InvariantCulture, $"{name} '{text}' is no whole number from {least} to {most}"));

    private static CommandException Misused(CommandDefinition command, string fault)
        => new(command.Usage.Length == 0 ? $"{fault}: it takes nothing" : $"{fault}: it takes {command.Usage}", isMisuse: true);
}
