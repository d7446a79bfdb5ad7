using System.Text.Json;
using AptRl.Host.Commands;

namespace AptRl.Host.Operators;

/// <summary>Finds the command that a line names, runs it, and completes what is typed.</summary>
internal sealed class CommandConsole(IReadOnlyList<CommandPalette> palettes, NodeClient node)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Runs one line.</summary>
    /// <exception cref="UserErrorException">There is no such command, or the node refuses it.</exception>
    public async Task RunAsync(IReadOnlyList<string> words, bool json, TextWriter output, CancellationToken cancellation)
    {
        if (words is [] or ["help"])
        {
            await output.WriteLineAsync(Help());
            return;
        }

        var (command, rest) = Find(words);
        if (rest.Count < command.ArgumentsMin)
        {
            throw new UserErrorException($"'{string.Join(' ', words)}' needs {command.Arguments}: {command.Help}", Cli.Usage);
        }

        var answer = await command.RunAsync(node, rest, cancellation);
        if (json)
        {
            await output.WriteLineAsync(answer.Json?.ToJsonString(Indented) ?? "null");
            return;
        }

        foreach (var line in answer.Lines())
        {
            await output.WriteLineAsync(line);
        }
    }

    /// <summary>Every command, a line each.</summary>
    public string Help()
    {
        var rows = All().Select(its => (IReadOnlyList<string>)[$"{its.Words} {its.Command.Arguments}".TrimEnd(), its.Command.Help]);
        return string.Join('\n', new ConsoleAnswer(null, [], [.. rows, ["help", "this"], ["exit", "ends the console"]]).Lines());
    }

    /// <summary>The commands that begin with what is typed.</summary>
    public IReadOnlyList<string> Completions(string typed)
        => [.. All().Select(its => its.Words).Append("help").Append("exit").Where(words => words.StartsWith(typed.TrimStart(), StringComparison.Ordinal)).Order(StringComparer.Ordinal)];

    private IEnumerable<(string Words, ConsoleCommand Command)> All()
        => palettes.SelectMany(palette => palette.Commands.Select(command => ($"{palette.Module} {command.Name}".TrimEnd(), command)));

    private (ConsoleCommand Command, IReadOnlyList<string> Arguments) Find(IReadOnlyList<string> words)
    {
        foreach (var (name, command) in All().OrderByDescending(its => its.Words.Length))
        {
            var its = name.Split(' ');
            if (words.Take(its.Length).SequenceEqual(its, StringComparer.Ordinal))
            {
                return (command, [.. words.Skip(its.Length)]);
            }
        }

        var near = Completions(words[0]);
        throw new UserErrorException(
            $"there is no command '{string.Join(' ', words)}': {(near.Count > 0 ? string.Join(", ", near) : "'help' lists them")}", Cli.Usage);
    }
}
