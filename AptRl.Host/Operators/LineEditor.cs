using System.Text;

namespace AptRl.Host.Operators;

/// <summary>Reads lines from a terminal: Tab completes, up and down go through what was typed before, the line can be edited anywhere.</summary>
internal sealed class LineEditor(Func<string, IReadOnlyList<string>> complete, ConsoleHistory history)
{
    private readonly StringBuilder _line = new();
    private int _cursor;

    /// <summary>The next line; null at its end (Ctrl-D). Ctrl-C gives the line up.</summary>
    public string? Read(string prompt)
    {
        _line.Clear();
        _cursor = 0;
        var at = history.Lines.Count;
        System.Console.Write(prompt);

        // Pressed here it is a key, and not the end of everything.
        System.Console.TreatControlCAsInput = true;
        try
        {
            while (true)
            {
                var pressed = System.Console.ReadKey(intercept: true);
                var control = pressed.Modifiers.HasFlag(ConsoleModifiers.Control);
                switch (pressed.Key)
                {
                    case ConsoleKey.Enter:
                        System.Console.WriteLine();
                        history.Add(_line.ToString());
                        return _line.ToString();
                    case ConsoleKey.D when control && _line.Length == 0:
                        System.Console.WriteLine();
                        return null;
                    case ConsoleKey.C when control:
                        System.Console.WriteLine("^C");
                        return "";
                    case ConsoleKey.U when control:
                        Show(prompt, "", 0);
                        break;
                    case ConsoleKey.LeftArrow:
                        Show(prompt, null, _cursor - 1);
                        break;
                    case ConsoleKey.RightArrow:
                        Show(prompt, null, _cursor + 1);
                        break;
                    case ConsoleKey.Home:
                    case ConsoleKey.A when control:
                        Show(prompt, null, 0);
                        break;
                    case ConsoleKey.End:
                    case ConsoleKey.E when control:
                        Show(prompt, null, _line.Length);
                        break;
                    case ConsoleKey.Backspace when _cursor > 0:
                        Show(prompt, _line.ToString().Remove(_cursor - 1, 1), _cursor - 1);
                        break;
                    case ConsoleKey.Delete when _cursor < _line.Length:
                        Show(prompt, _line.ToString().Remove(_cursor, 1), _cursor);
                        break;
                    case ConsoleKey.UpArrow when at > 0:
                        Show(prompt, history.Lines[--at], int.MaxValue);
                        break;
                    case ConsoleKey.DownArrow when at < history.Lines.Count:
                        Show(prompt, ++at < history.Lines.Count ? history.Lines[at] : "", int.MaxValue);
                        break;
                    case ConsoleKey.Tab:
                        Complete(prompt);
                        break;
                    default:
                        if (pressed.KeyChar >= ' ' && !control)
                        {
                            Show(prompt, _line.ToString().Insert(_cursor, pressed.KeyChar.ToString()), _cursor + 1);
                        }

                        break;
                }
            }
        }
        finally
        {
            System.Console.TreatControlCAsInput = false;
        }
    }

    /// <summary>What all of some words begin with.</summary>
    public static string Common(IReadOnlyList<string> words)
        => words.Count == 0 ? "" : words.Aggregate((left, right) => left[..left.AsSpan().CommonPrefixLength(right)]);

    // Completes what is before the cursor; what is behind it stays.
    private void Complete(string prompt)
    {
        var (before, behind) = (_line.ToString()[.._cursor], _line.ToString()[_cursor..]);
        var found = complete(before);
        var common = Common(found);
        if (found.Count == 1)
        {
            common += " ";
        }
        else if (found.Count > 1 && common.Length <= before.Length)
        {
            System.Console.WriteLine();
            System.Console.WriteLine(string.Join("  ", found));
        }

        var typed = common.Length > before.Length ? common : before;
        Show(prompt, typed + behind, typed.Length);
    }

    private void Show(string prompt, string? line, int cursor)
    {
        if (line is not null)
        {
            _line.Clear().Append(line);
        }

        _cursor = Math.Clamp(cursor, 0, _line.Length);

        // Back to the beginning, the line, to the end of what was there, and back to the cursor.
        System.Console.Write($"\r{prompt}{_line}\u001b[K{(_cursor < _line.Length ? $"\u001b[{_line.Length - _cursor}D" : "")}");
    }
}
