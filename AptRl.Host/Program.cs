using System.CommandLine;
using AptRl.Host.Commands;
using AptRl.Host.Simulate;
using AptRl.Model.Recommenders;

var root = new RootCommand("AptRl: real-time personalization for .NET shops.")
{
    DemoCommand.Create(),
    ServeCommand.Create(),
    TrainCommand.Create(),
    EvaluateCommand.Create(Recipes.All, ("heads", Recipes.Heads), ("controls", Recipes.Controls)),
    EvaluatePolicyCommand.Create(),
    SegmentsCommand.Create(),
    SimulateCommand.Create(SimulationPolicies.All),
    ReplayCommand.Create(),
    VersionsCommand.Create(),
    PostgresCommand.Create(),
    BenchCommand.Create(),
    KeyCommand.Create(),
    ConsoleCommandLine.Create(),
}.WithExamples(
    "aptrl demo",
    "aptrl serve --data-dir ./aptrl-data",
    "aptrl serve --help");

return await Cli.RunAsync(root, args);
