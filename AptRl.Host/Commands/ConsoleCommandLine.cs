using System.CommandLine;
using AptRl.Host.Operators;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl console</c>: asks a running node, once or at a prompt.</summary>
internal static class ConsoleCommandLine
{
    private const string Prompt = "aptrl> ";

    private static readonly Argument<string[]> Words = new("command")
    {
        Description = "A command such as 'cluster show'; without one there is a prompt. 'help' lists them.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Url = new("--url")
    {
        Description = "Where the node listens.",
        DefaultValueFactory = _ => "http://127.0.0.1:5080",
    };

    private static readonly Option<FileInfo?> ApiKeyFile = new("--api-key-file")
    {
        Description = "File that holds the key; else APTRL_API_KEY.",
    };

    private static readonly Option<bool> Json = new("--json")
    {
        Description = "Answer in JSON, for machines.",
    };

    public static Command Create()
    {
        var command = new Command("console", "Asks a running node: cluster, users, decisions, latencies.") { Words, Url, ApiKeyFile, Json }.WithExamples(
            "aptrl console",
            "aptrl console cluster show",
            "aptrl console user find shopper-00",
            "aptrl console latency --json",
            "APTRL_API_KEY=$KEY aptrl console agent list --url https://shop.example:5443");
        command.SetAction(RunAsync);
        return command;
    }

    private static async Task<int> RunAsync(ParseResult arguments, CancellationToken cancellation)
    {
        if (!Uri.TryCreate(arguments.GetValue(Url), UriKind.Absolute, out var url) || url.Scheme is not ("http" or "https"))
        {
            throw new UserErrorException($"--url '{arguments.GetValue(Url)}' is no address: write it like http://127.0.0.1:5080", Cli.Usage);
        }

        using var node = new NodeClient(url, await KeyAsync(arguments.GetValue(ApiKeyFile), cancellation));
        var console = new CommandConsole(NodePalettes.All, node);
        var (json, output) = (arguments.GetValue(Json), arguments.InvocationConfiguration.Output);
        if (arguments.GetValue(Words) is { Length: > 0 } words)
        {
            await console.RunAsync(words, json, output, cancellation);
            return Cli.Done;
        }

        await output.WriteLineAsync($"Connected to {url}. 'help' lists the commands, Tab completes, 'exit' ends.");
        var editor = new LineEditor(console.Completions);
        while (ReadLine(editor) is { } line && line.Trim() is not ("exit" or "quit"))
        {
            try
            {
                if (line.Trim().Length > 0)
                {
                    await console.RunAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries), json, output, cancellation);
                }
            }
            catch (UserErrorException error)
            {
                await output.WriteLineAsync(error.Message);
            }
        }

        return Cli.Done;
    }

    // A script that is piped in has no keys to be pressed.
    private static string? ReadLine(LineEditor editor) => System.Console.IsInputRedirected ? System.Console.In.ReadLine() : editor.Read(Prompt);

    private static async Task<string?> KeyAsync(FileInfo? file, CancellationToken cancellation)
        => file is null
            ? Environment.GetEnvironmentVariable("APTRL_API_KEY") is { Length: > 0 } key ? key : null
            : file.Exists ? (await File.ReadAllTextAsync(file.FullName, cancellation)).Trim()
            : throw new UserErrorException($"there is no file '{file}': write the key into it, or set APTRL_API_KEY", Cli.Usage);
}
