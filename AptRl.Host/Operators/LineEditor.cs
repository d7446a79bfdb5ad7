using System.Text;

namespace AptRl.Host.Operators;

/// <summary>Reads lines from a terminal: Tab completes, up and down go through what was typed before.</summary>
internal sealed class LineEditor(Func<string, IReadOnlyList<string>> complete)
{
    /// <summary>Lines remembered; the oldest goes.</summary>
    public const int HistoryMax = 200;

    private readonly List<string> _history = [];

    /// <summary>The next line; null at its end (Ctrl-D).</summary>
    public string? Read(string prompt)
    {
        var (line, at) = (new StringBuilder(), _history.Count);
        System.Console.Write(prompt);
        while (true)
        {
            var pressed = System.Console.ReadKey(intercept: true);
            switch (pressed)
            {
                case { Key: ConsoleKey.Enter }:
                    System.Console.WriteLine();
                    Remember(line.ToString());
                    return line.ToString();
                case { Key: ConsoleKey.D, Modifiers: ConsoleModifiers.Control } when line.Length == 0:
                    System.Console.WriteLine();
                    return null;
                case { Key: ConsoleKey.Backspace } when line.Length > 0:
                    line.Length--;
                    System.Console.Write("\b \b");
                    break;
                case { Key: ConsoleKey.UpArrow } when at > 0:
                    Replace(prompt, line, _history[--at]);
                    break;
                case { Key: ConsoleKey.DownArrow } when at < _history.Count:
                    Replace(prompt, line, ++at < _history.Count ? _history[at] : "");
                    break;
                case { Key: ConsoleKey.Tab }:
                    Complete(prompt, line);
                    break;
                case { KeyChar: >= ' ' and var letter }:
                    line.Append(letter);
                    System.Console.Write(letter);
                    break;
            }
        }
    }

    /// <summary>What all of some words begin with.</summary>
    public static string Common(IReadOnlyList<string> words)
        => words.Count == 0 ? "" : words.Aggregate((left, right) => left[..left.AsSpan().CommonPrefixLength(right)]);

    private void Complete(string prompt, StringBuilder line)
    {
        var found = complete(line.ToString());
        var common = Common(found);
        if (found.Count == 1)
        {
            common += " ";
        }
        else if (found.Count > 1 && common.Length <= line.Length)
        {
            System.Console.WriteLine();
            System.Console.WriteLine(string.Join("  ", found));
        }

        Replace(prompt, line, common.Length > line.Length ? common : line.ToString());
    }

    private static void Replace(string prompt, StringBuilder line, string by)
    {
        System.Console.Write($"\r{new string(' ', prompt.Length + line.Length)}\r{prompt}{by}");
        line.Clear().Append(by);
    }

    private void Remember(string line)
    {
        if (line.Trim().Length > 0 && (_history.Count == 0 || _history[^1] != line))
        {
            _history.Add(line);
            if (_history.Count > HistoryMax)
            {
                _history.RemoveAt(0);
            }
        }
    }
}
