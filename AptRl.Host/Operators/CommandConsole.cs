using System.Text.Json;
using System.Text.Json.Nodes;
using AptRl.Host.Commands;

namespace AptRl.Host.Operators;

/// <summary>Has lines carried out by a node and shows its answers; completes what is typed and helps.</summary>
internal sealed class CommandConsole(IReadOnlyList<KnownCommand> commands, NodeClient node)
{
    private static readonly JsonSerializerOptions Indented = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private static readonly JsonSerializerOptions Flat = new() { Encoder = Indented.Encoder };

    private static readonly string[] Own = ["help", "exit"];

    /// <summary>Runs one line.</summary>
    /// <param name="confirm">Asks the operator a question; null where nobody can be asked, so that <c>--yes</c> is needed.</param>
    /// <exception cref="UserErrorException">There is no such command, or the node refuses it.</exception>
    public async Task RunAsync(
        IReadOnlyList<string> words, bool json, bool isConfirmed, Func<string, bool>? confirm, TextWriter output, CancellationToken cancellation)
    {
        if (words is [] or ["help", ..])
        {
            await output.WriteLineAsync(Help([.. words.Skip(1)]));
            return;
        }

        var command = Find(words);
        if (!isConfirmed && confirm is not null && command?.Confirmation is { } asked)
        {
            if (!confirm($"{char.ToUpperInvariant(asked[0])}{asked[1..]} Go on? (yes/no) "))
            {
                await output.WriteLineAsync("nothing was done");
                return;
            }

            isConfirmed = true;
        }

        await foreach (var answer in node.RunAsync(words, isConfirmed, cancellation))
        {
            if (json)
            {
                await output.WriteLineAsync(answer["json"]?.ToJsonString(command is { IsTail: true } ? Flat : Indented) ?? "null");
            }
            else
            {
                await ShowAsync(answer, output);
            }
        }
    }

    /// <summary>Every command, a line each; of those that begin with these words, with what they take.</summary>
    public string Help(IReadOnlyList<string> of)
    {
        if (of.Count == 0)
        {
            return Columns([.. commands.Select(command => (string[])[command.Usage, command.Help]), ["help [COMMAND]", "this, or what a command takes"], ["exit", "ends the console"]]);
        }

        var named = string.Join(' ', of);
        var found = commands.Where(command => command.Words == named || command.Words.StartsWith($"{named} ", StringComparison.Ordinal)).ToList();
        return found.Count == 0
            ? throw new UserErrorException($"there is no command '{named}': 'help' lists them", Cli.Usage)
            : string.Join('\n', found.Select(command => string.Join('\n', new[] { command.Usage, $"  {command.Help}" }
                .Concat(command.Arguments.Count == 0 ? [] : [Columns(command.Arguments.Select(argument => (string[])[$"  {argument.Usage}", argument.Help]))])
                .Concat(command.Confirmation is null ? [] : ["  asks first; --yes says yes"]))));
    }

    /// <summary>What may stand in the place of what is typed: commands, or the switches of the one that is typed already.</summary>
    public IReadOnlyList<string> Completions(string typed)
    {
        var line = typed.TrimStart();
        var names = commands.Select(command => command.Words).Concat(Own).Where(words => words.StartsWith(line, StringComparison.Ordinal)).ToList();
        if (names.Count > 0 || Find(Split(line)) is not { } command)
        {
            return [.. names.Order(StringComparer.Ordinal)];
        }

        var (before, word) = (line[..(line.LastIndexOf(' ') + 1)], line[(line.LastIndexOf(' ') + 1)..]);
        return
        [
            .. command.Arguments.Select(argument => argument.Switch).OfType<string>().Append("--json").Concat(command.Confirmation is null ? [] : ["--yes"])
                .Where(its => before.Length > 0 && its.StartsWith(word, StringComparison.Ordinal)).Order(StringComparer.Ordinal).Select(its => before + its),
        ];
    }

    /// <summary>The words of a line; what stands in quotes is one, so that names may have spaces.</summary>
    public static IReadOnlyList<string> Split(string line)
    {
        var (words, word, quote, isWord) = (new List<string>(), new System.Text.StringBuilder(), '\0', false);
        foreach (var letter in line)
        {
            if (quote == '\0' && (letter is '"' or '\''))
            {
                (quote, isWord) = (letter, true);
            }
            else if (quote != '\0' && letter == quote)
            {
                quote = '\0';
            }
            else if (quote == '\0' && letter == ' ')
            {
                End();
            }
            else
            {
                word.Append(letter);
                isWord = true;
            }
        }

        End();
        return words;

        void End()
        {
            if (isWord)
            {
                words.Add(word.ToString());
            }

            word.Clear();
            isWord = false;
        }
    }

    private KnownCommand? Find(IReadOnlyList<string> words) => commands
        .Where(command => words.Take(command.Words.Split(' ').Length).SequenceEqual(command.Words.Split(' '), StringComparer.Ordinal))
        .MaxBy(command => command.Words.Length);

    private static async Task ShowAsync(JsonObject answer, TextWriter output)
    {
        string[] heads = [.. Cells(answer["heads"])];
        string[][] rows = [.. (answer["rows"]?.AsArray() ?? []).Select(row => (string[])[.. Cells(row)])];
        await output.WriteLineAsync(rows.Length == 0 ? "none" : Columns(heads.Length > 0 ? [heads, .. rows] : rows));
    }

    private static IEnumerable<string> Cells(JsonNode? row) => (row?.AsArray() ?? []).Select(cell => Shown((string?)cell ?? ""));

    // What comes from shoppers may hold what a terminal would obey.
    private static string Shown(string text) => text.Any(char.IsControl) ? string.Concat(text.Select(letter => char.IsControl(letter) ? '\uFFFD' : letter)) : text;

    // In columns as wide as they need to be. A row of one cell is a remark, and makes none wider.
    private static string Columns(IEnumerable<string[]> rows)
    {
        var all = rows.ToList();
        var wide = all.Where(row => row.Length > 1).ToList();
        int[] widths = [.. Enumerable.Range(0, all.Max(row => row.Length)).Select(column => wide.Select(row => column < row.Length ? row[column].Length : 0).DefaultIfEmpty().Max())];
        return string.Join('\n', all.Select(row => string.Join("  ", row.Select((cell, column) => cell.PadRight(widths[column]))).TrimEnd()));
    }
}
