using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Globalization;

namespace AptRl.Host.Commands;

/// <summary>What all verbs share: exit codes, errors on stderr, examples in the help.</summary>
internal static class Cli
{
    public const int Done = 0;
    public const int Failed = 1;
    public const int Usage = 2;

    /// <summary>Runs the verb that was named. A <see cref="UserErrorException"/> becomes one line on stderr.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args, InvocationConfiguration? configuration = null)
    {
        configuration ??= new InvocationConfiguration();
        configuration.EnableDefaultExceptionHandler = false;

        // The server has its own, longer, orderly stop: it must not be cut off after the library's two seconds.
        configuration.ProcessTerminationTimeout = TimeSpan.FromSeconds(30);

        // Without a verb there is nothing to do but to say what there is; that is help asked for, not a mistake.
        var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
            {
                await configuration.Error.WriteLineAsync($"aptrl: {error.Message}");
            }

            await configuration.Error.WriteLineAsync($"Try '{PathOf(parsed.CommandResult.Command)} --help'.");
            return Usage;
        }

        if (parsed.CommandResult.Command is InteractiveCommand)
        {
            configuration.ProcessTerminationTimeout = null;
        }

        try
        {
            return await parsed.InvokeAsync(configuration);
        }
        catch (UserErrorException error)
        {
            await configuration.Error.WriteLineAsync($"aptrl: {error.Message}");
            return error.ExitCode;
        }
    }

    /// <summary>Adds an Examples section to a command's help.</summary>
    public static T WithExamples<T>(this T command, params string[] examples)
        where T : Command
    {
        if (command.Options.OfType<HelpOption>().FirstOrDefault() is not { } help)
        {
            command.Options.Add(help = new HelpOption());
        }

        help.Action = new HelpWithExamples(new HelpAction { MaxWidth = 120 }, examples);
        return command;
    }

    /// <summary>Refuses a number that is too small.</summary>
    public static void RequireAtLeast<T>(this Command command, Option<T> option, T least)
        where T : struct, IComparable<T>
        => command.Validators.Add(result =>
        {
            if (result.GetResult(option) is { Errors: var errors } && !errors.Any() && result.GetValue(option) is var value && !(value.CompareTo(least) >= 0))
            {
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{option.Name} {value} is below {least}: give {least} or more"));
            }
        });

    private static string PathOf(Command command)
        => command is RootCommand ? "aptrl"
            : $"{string.Join(' ', command.Parents.OfType<Command>().Take(1).Select(PathOf))} {command.Name}";

    private sealed class HelpWithExamples(HelpAction help, string[] examples) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            help.Invoke(parseResult);
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var example in examples)
            {
                output.WriteLine($"  {example}");
            }

            return Done;
        }
    }
}
