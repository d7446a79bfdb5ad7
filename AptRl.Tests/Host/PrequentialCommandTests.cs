using System.CommandLine;
using System.Text.Json;
using AptRl.Host.Commands;
using Xunit;

namespace AptRl.Tests.Host;

public sealed class PrequentialCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-prequential-");

    public PrequentialCommandTests()
    {
        // Ten users who look at one item three times each, a minute apart, one user after another.
        var lines = Enumerable.Range(0, 30).Select(at => $"u{at / 3}\t{1_700_000_000 + 60 * at}\tview\ti{at / 3}");
        File.WriteAllLines(PathOf("events.tsv"), lines.Prepend("user\ttime\ttype\titem"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Schedules_are_run_compared_and_written_down()
    {
        var (code, output, error) = await RunAsync("--models", "popularity,repeat-last", "--schedules", "per-event,frozen", "--json", PathOf("out/live.json"));

        Assert.True(code == 0, error);
        Assert.Contains("popularity per-event against frozen on hr@20.repeat: +100.00 points", output, StringComparison.Ordinal);
        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(PathOf("out/live.json"), TestContext.Current.CancellationToken));
        var dataset = result.RootElement.GetProperty("dataset");
        Assert.Equal((30, 10, 15, 5), (
            dataset.GetProperty("touches").GetInt32(), dataset.GetProperty("items").GetInt32(), dataset.GetProperty("fitTouches").GetInt32(), dataset.GetProperty("fitItems").GetInt32()));

        var models = result.RootElement.GetProperty("models").EnumerateArray().ToArray();
        Assert.Equal(["popularity", "repeat-last"], models.Select(model => model.GetProperty("name").GetString()));
        var schedules = models[0].GetProperty("schedules").EnumerateArray().ToArray();
        Assert.Equal(["frozen", "per-event"], schedules.Select(schedule => schedule.GetProperty("schedule").GetString()));

        // Of 15 questions five are for items that nobody has touched; the ten others are known as soon as they are learned.
        Assert.Equal(0, Mean(schedules[0], "hr@20"));
        Assert.Equal(10 / 15.0, Mean(schedules[1], "hr@20"), 6);
        Assert.Equal(10 / 15.0, Mean(models[1].GetProperty("schedules")[0], "hr@20"), 6);
        Assert.Equal(14, schedules[1].GetProperty("learnCalls").GetInt32());
        Assert.Equal(1 / 60.0, schedules[1].GetProperty("stalenessHours").GetProperty("mean").GetDouble(), 6);
        Assert.Equal(8 / 60.0, schedules[0].GetProperty("stalenessHours").GetProperty("mean").GetDouble(), 6);
        Assert.Equal(10, schedules[0].GetProperty("byAge").GetArrayLength());
        Assert.True(schedules[1].GetProperty("predictMs").GetProperty("p99").GetDouble() >= 0);
    }

    [Theory]
    [InlineData("is not one or more of frozen", "--schedules", "weekly")]
    [InlineData("transformer-neighbours", "--models", "lstm")]
    [InlineData("nothing would be asked", "--until-share", "0.4")]
    public async Task What_cannot_be_done_is_told_in_a_line(string told, params string[] args)
    {
        var (code, output, error) = await RunAsync(args);

        Assert.Equal((2, ""), (code, output));
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    private static double Mean(JsonElement schedule, string metric) => schedule.GetProperty("metrics").GetProperty(metric).GetProperty("mean").GetDouble();

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.RunAsync(
            new RootCommand { EvaluateCommand.Create([]) },
            ["evaluate", "--prequential", "--data", _folder.FullName, "--format", "events", .. args],
            new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
