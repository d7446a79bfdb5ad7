using System.Collections.Immutable;
using System.Runtime.CompilerServices;

namespace AptRl.Actors.Operators;

/// <summary>Finds the command that an operator names and has it carried out in this process.</summary>
/// <remarks>Who may ask is the business of whoever puts the desk on the network: every command of it is an administrator's.</remarks>
public sealed class OperatorDesk
{
    private readonly IServiceProvider _services;
    private readonly ImmutableArray<(string Words, CommandDefinition Command)> _longestFirst;

    /// <summary>A desk with these palettes.</summary>
    /// <exception cref="ArgumentException">Two commands have the same words.</exception>
    public OperatorDesk(IEnumerable<CommandPalette> palettes, IServiceProvider services)
    {
        (_services, Palettes) = (services, [.. palettes]);
        _longestFirst =
        [
            .. Palettes.SelectMany(palette => palette.Commands.Select(command => (Words: $"{palette.Module} {command.Name}".TrimEnd(), command)))
                .OrderByDescending(its => its.Words.Length),
        ];
        if (_longestFirst.GroupBy(its => its.Words, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { Key: var twice })
        {
            throw new ArgumentException($"the console command '{twice}' is registered twice: give one of them another name");
        }
    }

    /// <summary>What is registered, in the order of its registration.</summary>
    public ImmutableArray<CommandPalette> Palettes { get; }

    /// <summary>Carries out one line.</summary>
    /// <param name="words">The words of the line.</param>
    /// <param name="isConfirmed">Whether the operator has said yes to what a command asks before it is carried out.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="CommandException">There is no such command, it was written wrongly, or it cannot be carried out.</exception>
    public async IAsyncEnumerable<CommandAnswer> RunAsync(
        IReadOnlyList<string> words, bool isConfirmed, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var (command, rest) = Find(words);
        var call = CommandCall.Parse(command, rest, _services, cancellation);
        if (command.Confirmation is { } asked && !isConfirmed)
        {
            throw new CommandException($"'{string.Join(' ', words)}' was not confirmed, nothing was done: {asked} Say --yes if you mean it.", isMisuse: true);
        }

        await foreach (var answer in command.Handler(call).WithCancellation(cancellation).ConfigureAwait(false))
        {
            yield return answer;
        }
    }

    private (CommandDefinition Command, IReadOnlyList<string> Left) Find(IReadOnlyList<string> words)
    {
        foreach (var (name, command) in _longestFirst)
        {
            var its = name.Split(' ');
            if (words.Take(its.Length).SequenceEqual(its, StringComparer.Ordinal))
            {
                return (command, [.. words.Skip(its.Length)]);
            }
        }

        var near = _longestFirst.Select(its => its.Words)
            .Where(its => words.Count > 0 && its.StartsWith(words[0], StringComparison.Ordinal)).Order(StringComparer.Ordinal).ToList();
        throw new CommandException(
            $"there is no command '{string.Join(' ', words)}': {(near.Count > 0 ? $"did you mean {string.Join(", ", near)}?" : "'help' lists them")}", isMisuse: true);
    }
}
