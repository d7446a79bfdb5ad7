namespace AptRl.Host.Operators;

/// <summary>What was typed at the prompt, kept in a file between sessions.</summary>
/// <remarks>The file is its owner's alone, for lines name users. Where it cannot be written, the session remembers and the next does not.</remarks>
internal sealed class ConsoleHistory
{
    /// <summary>Lines remembered; the oldest goes.</summary>
    public const int LinesMax = 500;

    private readonly string? _file;
    private readonly List<string> _lines = [];

    /// <param name="file">Null keeps nothing.</param>
    public ConsoleHistory(string? file)
    {
        _file = file;
        if (file is not null && File.Exists(file))
        {
            Try(() => _lines.AddRange(File.ReadLines(file).TakeLast(LinesMax)));
        }
    }

    /// <summary>Where it is kept: <c>$XDG_STATE_HOME/aptrl</c>, else <c>~/.local/state/aptrl</c>.</summary>
    public static string FileUsual
    {
        get
        {
            var state = Environment.GetEnvironmentVariable("XDG_STATE_HOME") is { Length: > 0 } told
                ? told : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
            return Path.Combine(state, "aptrl", "console-history");
        }
    }

    /// <summary>Oldest first.</summary>
    public IReadOnlyList<string> Lines => _lines;

    /// <summary>Remembers a line, unless it is that before it again.</summary>
    public void Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || (_lines.Count > 0 && _lines[^1] == line))
        {
            return;
        }

        _lines.Add(line);
        if (_lines.Count > LinesMax)
        {
            _lines.RemoveAt(0);
        }

        if (_file is not null)
        {
            Try(() => Write(_file));
        }
    }

    private void Write(string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var writer = new StreamWriter(file, options);
        foreach (var line in _lines)
        {
            writer.WriteLine(line);
        }
    }

    private static void Try(Action act)
    {
        try
        {
            act();
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // An operator who cannot keep a history still has a node to ask.
        }
    }
}
