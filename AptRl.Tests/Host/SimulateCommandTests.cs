using System.CommandLine;
using System.Text.Json;
using AptRl.Host.Commands;
using AptRl.Host.Simulate;
using Xunit;

namespace AptRl.Tests.Host;

[Collection("Torch")]
public sealed class SimulateCommandTests
{
    [Fact]
    public async Task It_writes_table_JSON_and_picture_and_goes_on_with_what_is_there()
    {
        var folder = Directory.CreateTempSubdirectory("simulate-");
        try
        {
            var (json, plot) = (Path.Combine(folder.FullName, "s.json"), Path.Combine(folder.FullName, "s.png"));
            string[] arguments =
            [
                "simulate", "--policies", "random,popularity,oracle", "--seeds", "2", "--decisions", "600", "--shoppers", "64", "--items", "60",
                "--json", json, "--plot", plot, "--resume",
            ];
            var (code, output) = await RunAsync(arguments);
            Assert.True(code == Cli.Done, output);
            var first = await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken);
            using var report = JsonDocument.Parse(first);
            var policies = report.RootElement.GetProperty("policies").EnumerateArray().ToDictionary(policy => policy.GetProperty("name").GetString()!);
            Assert.Equal(["oracle", "popularity", "random"], policies.Keys.Order());
            var oracle = report.RootElement.GetProperty("oracleCtr").GetDouble();
            Assert.Equal(oracle, policies["oracle"].GetProperty("ctr").GetProperty("mean").GetDouble());
            Assert.Equal(1, policies["oracle"].GetProperty("ofOracle").GetDouble(), 9);
            Assert.Equal(0, policies["oracle"].GetProperty("regret").GetProperty("mean").GetDouble(), 9);
            Assert.True(policies["random"].GetProperty("ctr").GetProperty("high").GetDouble() < oracle);
            Assert.True(policies["random"].GetProperty("regret").GetProperty("low").GetDouble() > 0);
            Assert.Equal(360, report.RootElement.GetProperty("options").GetProperty("driftAfter").GetInt32());
            Assert.Equal(6, Directory.GetFiles($"{json}.runs").Length);

            var picture = await File.ReadAllBytesAsync(plot, TestContext.Current.CancellationToken);
            Assert.Equal([0x89, (byte)'P', (byte)'N', (byte)'G'], picture[..4]);
            Assert.True(picture.Length > 10_000, $"{picture.Length} bytes");

            // A result that is there is taken as it is: a line more in the list costs only its own runs.
            foreach (var kept in Directory.GetFiles($"{json}.runs", "random-*"))
            {
                File.Delete(kept);
            }

            Assert.Equal(Cli.Done, (await RunAsync(arguments)).Code);
            Assert.Equal(first, await File.ReadAllTextAsync(json, TestContext.Current.CancellationToken));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Theory]
    [InlineData("--policies nobody", "--policies nobody: nobody is not one of random, popularity")]
    [InlineData("--decisions 1000 --drift-after 1000", "--drift-after 1000 is not in [0, 1000)")]
    [InlineData("--policies random --resume", "--resume needs the folder beside --json")]
    public async Task What_cannot_be_done_is_a_usage_error(string arguments, string message)
    {
        var (code, output) = await RunAsync(["simulate", .. arguments.Split(' ')]);
        Assert.Equal(Cli.Usage, code);
        Assert.Contains(message, output, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output)> RunAsync(string[] arguments)
    {
        var output = new StringWriter();
        var code = await Cli.RunAsync(
            new RootCommand { SimulateCommand.Create(SimulationPolicies.All) }, arguments, new InvocationConfiguration { Output = output, Error = output });
        return (code, output.ToString());
    }
}
