using System.CommandLine;
using AptRl.Host.Access;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl key</c>: makes an API key with scopes.</summary>
internal static class KeyCommand
{
    private static readonly Option<FileInfo> KeyFileOption = new("--file")
    {
        Description = "File of keys to add it to; it holds hashes only, and 'aptrl serve --keys' reads it.",
        Required = true,
    };

    private static readonly Option<string> Name = new("--name")
    {
        Description = "What its holder is called; a key of the same name is replaced.",
        Required = true,
    };

    private static readonly Option<string[]> Scope = new("--scope")
    {
        Description = "ingest (send events and items), recommend (ask for slates) or admin (everything). May be repeated.",
        Required = true,
    };

    public static Command Create()
    {
        var command = new Command("key", "Makes an API key with scopes, prints it once and keeps its hash.") { KeyFileOption, Name, Scope }.WithExamples(
            "aptrl key --file keys.json --name shop --scope ingest --scope recommend",
            "aptrl key --file keys.json --name operator --scope admin",
            "aptrl serve --keys keys.json --urls http://0.0.0.0:5080");
        command.Validators.Add(result =>
        {
            foreach (var name in result.GetValue(Scope) ?? [])
            {
                if (ScopeNames.Find(name) is null)
                {
                    result.AddError($"--scope {name} is not one of {ScopeNames.Known}");
                }
            }
        });
        command.SetAction(arguments =>
        {
            var key = ApiKey.Fresh();
            var scopes = arguments.GetValue(Scope)!.Aggregate(Scopes.None, (all, name) => all | ScopeNames.Find(name)!.Value);
            KeyFile.Add(arguments.GetValue(KeyFileOption)!.FullName, new ApiKey(arguments.GetValue(Name)!, ApiKey.HashOf(key), scopes));
            arguments.InvocationConfiguration.Output.WriteLine(key);
            return Cli.Done;
        });
        return command;
    }
}
