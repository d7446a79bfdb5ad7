using System.CommandLine;
using AptRl.Host.Commands;

var root = new RootCommand("AptRl: real-time personalization for .NET shops.")
{
    ReplayCommand.Create(),
    ServeCommand.Create(),
}.WithExamples(
    "aptrl serve --data-dir ./aptrl-data",
    "aptrl serve --help");

return await Cli.RunAsync(root, args);
