using System.CommandLine;
using System.Text.Json;
using AptRl.Host.Commands;
using Xunit;

namespace AptRl.Tests.Host.Demo;

[Collection("Torch")]
public sealed class DemoCommandTests
{
    [Fact]
    public async Task The_learned_policy_beats_the_uniform_one_in_the_same_run_and_the_JSON_says_so()
    {
        var file = Path.Combine(Path.GetTempPath(), $"demo-{Environment.ProcessId}.json");
        var output = new StringWriter();
        try
        {
            var exit = await Cli.RunAsync(
                new RootCommand { DemoCommand.Create() },
                ["demo", "--headless", "--seconds", "10", "--urls", "http://127.0.0.1:0", "--json", file],
                new InvocationConfiguration { Output = output, Error = output });

            Assert.True(exit == Cli.Done, output.ToString());
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
            var policies = json.RootElement.GetProperty("policies").EnumerateArray().ToDictionary(policy => policy.GetProperty("name").GetString()!);
            Assert.Equal(["learned", "popular", "uniform"], policies.Keys.Order());
            Assert.Equal(
                json.RootElement.GetProperty("decisions").GetInt64(), policies.Values.Sum(policy => policy.GetProperty("decisions").GetInt64()));
            var (learned, uniform) = (policies["learned"].GetProperty("ctr"), policies["uniform"].GetProperty("ctr"));
            Assert.True(
                learned.GetProperty("low").GetDouble() > uniform.GetProperty("high").GetDouble(), $"learned {learned}, uniform {uniform}\n{output}");
            Assert.Equal(0, json.RootElement.GetProperty("duplicate").GetInt64() + json.RootElement.GetProperty("late").GetInt64());
            Assert.True(json.RootElement.GetProperty("driftAtSeconds").GetDouble() >= 6.6);
            Assert.DoesNotContain('\e', output.ToString());
            Assert.Contains("best possible", output.ToString(), StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("--seconds", "0", "--seconds 0 is not in (0, 86400]")]
    [InlineData("--drift", "-1", "--drift -1 is not in [0, 86400]")]
    [InlineData("--json", "/no/such/folder/demo.json", "make it first")]
    public async Task What_cannot_be_done_is_a_usage_error_before_the_run(string option, string value, string message)
    {
        var error = new StringWriter();
        var exit = await Cli.RunAsync(new RootCommand { DemoCommand.Create() }, ["demo", option, value], new InvocationConfiguration { Error = error });

        Assert.Equal(Cli.Usage, exit);
        Assert.Contains(message, error.ToString(), StringComparison.Ordinal);
    }
}
