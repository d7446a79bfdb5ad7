using System.CommandLine;
using System.Globalization;
using AptRl.Host.Hosting;
using AptRl.Host.Operators;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl console</c>: asks a running node, once or at a prompt.</summary>
internal static class ConsoleCommandLine
{
    private const string Prompt = "aptrl> ";

    private static readonly Argument<string[]> Words = new("command")
    {
        Description = "A command such as 'cluster show', with its own switches; without one there is a prompt. 'help' lists them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Url = new("--url")
    {
        Description = "Where the node listens for operators, or its address for the shop.",
        DefaultValueFactory = _ => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{OperatorDoor.PortUsual}"),
    };

    private static readonly Option<FileInfo?> ApiKeyFile = new("--api-key-file")
    {
        Description = "File that holds the key; else APTRL_API_KEY.",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Answer in JSON, for machines; a tail answers in a line each.",
    };

    private static readonly Option<bool> Yes = new("--yes")
    {
        Description = "Say yes to a command that asks before it is carried out.",
    };

    public static Command Create()
    {
        var command = new InteractiveCommand("console", "Asks a running node: cluster, actors, users, decisions, journal, log.") { Words, Url, ApiKeyFile, Json, Yes }.WithExamples(
            "aptrl console",
            "aptrl console cluster show",
            "aptrl console actor hierarchy /system/sharding --depth 4",
            "aptrl console journal tail --lines 5 --count 5",
            "aptrl console latency --json",
            "aptrl console cluster leave --yes",
            "APTRL_API_KEY=$KEY aptrl console agent list --url https://shop.example:5443");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(arguments.GetValue(Url), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new UserErrorException($"--url '{arguments.GetValue(Url)}' is no address: write it like http://127.0.0.1:9110", Cli.Usage);
        }

        using var node = new NodeClient(url, await KeyAsync(arguments.GetValue(ApiKeyFile), cancellation));
        var console = new CommandConsole(await node.CommandsAsync(cancellation), node);
        using var keys = new ControlC(cancellation);
        var (json, yes, output) = (arguments.GetValue(Json), arguments.GetValue(Yes), arguments.InvocationConfiguration.Output);
        if (arguments.GetValue(Words) is { Length: > 0 } words)
        {
            await keys.UntilPressedAsync(token => console.RunAsync(words, json, yes, confirm: null, output, token));
            return Cli.Done;
        }

        await output.WriteLineAsync($"Connected to {url}. 'help' lists the commands, Tab completes, Ctrl-C ends a tail, 'exit' the console.");
        var isTyped = !System.Console.IsInputRedirected;
        var editor = new LineEditor(console.Completions, new ConsoleHistory(isTyped ? ConsoleHistory.FileUsual : null));
        while (ReadLine(editor, isTyped) is { } line && line.Trim() is not ("exit" or "quit"))
        {
            try
            {
                var typed = CommandConsole.Split(line);
                string[] command = [.. typed.Where(word => word is not ("--json" or "--yes"))];
                if (command.Length > 0)
                {
                    await keys.UntilPressedAsync(token => console.RunAsync(
                        command, json || typed.Contains("--json"), yes || typed.Contains("--yes"), isTyped ? Confirmed : null, output, token));
                }
            }
            catch (UserErrorException error)
            {
                await output.WriteLineAsync(error.Message);
            }
        }

        return Cli.Done;
    }

    private static bool Confirmed(string question)
    {
        System.Console.Write(question);
        return System.Console.ReadLine()?.Trim() is "yes" or "y";
    }

    // A script that is piped in has no keys to be pressed.
    private static string? ReadLine(LineEditor editor, bool isTyped) => isTyped ? editor.Read(Prompt) : System.Console.In.ReadLine();

    private static async Task<string?> KeyAsync(FileInfo? file, CancellationToken cancellation)
        => file is null
            ? Environment.GetEnvironmentVariable("APTRL_API_KEY") is { Length: > 0 } key ? key : null
            : file.Exists ? (await File.ReadAllTextAsync(file.FullName, cancellation)).Trim()
            : throw new UserErrorException($"there is no file '{file}': write the key into it, or set APTRL_API_KEY", Cli.Usage);
}
