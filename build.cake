// dotnet tool restore && dotnet cake [--target Restore|Build|Test|Nightly|Pack|Bench] [--configuration Release]
using System.Xml.Linq;

var target = Argument("target", "Pack");
var configuration = Argument("configuration", "Release");
var solution = File("AptRl.slnx");
var artifacts = Directory("artifacts");
string verdict = null;

Task("Restore")
    .Does(() => DotNetRestore(solution));

Task("Build")
    .IsDependentOn("Restore")
    .Does(() => DotNetBuild(solution, new DotNetBuildSettings { Configuration = configuration, NoRestore = true }));

Task("Test")
    .IsDependentOn("Build")
    .Does(() =>
    {
        var results = artifacts + Directory("test-results");
        CleanDirectory(results);
        try
        {
            DotNetTest(solution, new DotNetTestSettings
            {
                Configuration = configuration,
                NoBuild = true,
                Loggers = ["trx"],
                ResultsDirectory = results,
            });
        }
        finally
        {
            var counters = GetFiles($"{results}/**/*.trx")
                .SelectMany(file => XDocument.Load(file.FullPath).Descendants().Where(element => element.Name.LocalName == "Counters"))
                .ToList();
            int Sum(string name) => counters.Sum(counter => (int)counter.Attribute(name));
            verdict = $"{Sum("passed")} passed, {Sum("failed")} failed";
        }
    });

Task("Nightly")
    .IsDependentOn("Build")
    .Does(() => DotNetTest("AptRl.Tests", new DotNetTestSettings
    {
        Configuration = configuration,
        NoBuild = true,
        Filter = "FullyQualifiedName~SimulatorTests",
        EnvironmentVariables = new Dictionary<string, string>
        {
            ["APTRL_SIMULATOR_SEED"] = Argument("seed", "1"),
            ["APTRL_SIMULATOR_SEEDS"] = Argument("seeds", "1000"),
        },
    }));

Task("Pack")
    .IsDependentOn("Test")
    .Does(() =>
    {
        foreach (var project in new[] { "AptRl.Model", "AptRl.Actors", "AptRl.Client" })
        {
            DotNetPack(project, new DotNetPackSettings { Configuration = configuration, NoBuild = true, OutputDirectory = artifacts + Directory("packages") });
        }
    });

Task("Bench")
    .IsDependentOn("Build")
    .Does(() => DotNetRun("AptRl.Host", "bench", new DotNetRunSettings { Configuration = configuration, NoBuild = true }));

try
{
    RunTarget(target);
}
finally
{
    // Behind Cake's own table of tasks and without its colours, so that it is the last line, for programs too.
    if (verdict is not null)
    {
        Console.WriteLine(verdict);
    }
}
