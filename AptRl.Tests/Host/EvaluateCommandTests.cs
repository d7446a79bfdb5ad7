using System.CommandLine;
using System.Text.Json;
using AptRl.Host.Commands;
using AptRl.Model.Recommenders;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host;

public sealed class EvaluateCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-evaluate-");
    private readonly ShiftRecipe _right = new("transformer", 1);
    private readonly ShiftRecipe _wrong = new("lstm", 2, 3);
    private readonly ShiftRecipe _head = new("sqn", 1);

    public EvaluateCommandTests()
    {
        // A ring of forty items, in which each comes after the one before it.
        File.WriteAllLines(PathOf("train_sessions.txt"), Enumerable.Range(0, 40).Select(at => $"{at} {(at + 1) % 40} {(at + 2) % 40}"));
        File.WriteAllLines(PathOf("test_pairs.tsv"), Enumerable.Range(0, 12).Select(at => $"{3 * at}\t{3 * at + 1}"));
        File.WriteAllLines(PathOf("sequences.txt"), Enumerable.Range(0, 12).Select(at => $"u{at} {at} {at + 1} {at + 2} {at + 3}").Append("all " + string.Join(' ', Enumerable.Range(0, 40))));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Models_are_judged_compared_and_written_down()
    {
        var (code, output, error) = await RunAsync("--format", "sessions", "--seeds", "2", "--trials", "2", "--json", PathOf("out/result.json"));

        Assert.True(code == 0, error);
        Assert.Contains("transformer", output, StringComparison.Ordinal);
        Assert.Contains("transformer against lstm on precision@20: +100.00 points", output, StringComparison.Ordinal);

        using var result = await ReadAsync("out/result.json");
        var dataset = result.RootElement.GetProperty("dataset");
        Assert.Equal((_folder.Name, "sessions", 40, 40, 120, 12), (
            dataset.GetProperty("name").GetString(), dataset.GetProperty("format").GetString(), dataset.GetProperty("sequences").GetInt32(),
            dataset.GetProperty("items").GetInt32(), dataset.GetProperty("touches").GetInt32(), dataset.GetProperty("testQuestions").GetInt32()));

        var models = result.RootElement.GetProperty("models").EnumerateArray().ToArray();
        Assert.Equal(["transformer", "lstm"], models.Select(model => model.GetProperty("name").GetString()));
        var hits = models[0].GetProperty("metrics").GetProperty("hr@20");
        Assert.Equal((1, 1, 0, 2), (hits.GetProperty("mean").GetDouble(), hits.GetProperty("high").GetDouble(), hits.GetProperty("spread").GetDouble(), hits.GetProperty("seeds").GetArrayLength()));

        // 12 of 12: Wilson's lower bound is 12/(12 + 3.841459).
        Assert.Equal(12 / 15.841459, hits.GetProperty("low").GetDouble(), 5);
        Assert.Equal(12 / 40.0, models[1].GetProperty("metrics").GetProperty("coverage@20").GetProperty("mean").GetDouble(), 6);
        Assert.Equal(2, models[1].GetProperty("trials").GetArrayLength());
        Assert.True(models[0].GetProperty("trainSeconds").GetDouble() >= 0);
        Assert.True(models[0].GetProperty("predictMs").GetDouble() >= 0);
        Assert.True(models[0].GetProperty("peakMemoryMb").GetDouble() > 1);

        // All twelve clusters differ by one: but 2 of 4,096 sign draws are less far from zero.
        var comparison = Assert.Single(result.RootElement.GetProperty("comparisons").EnumerateArray());
        Assert.Equal(("transformer", "lstm", "precision@20", 1), (
            comparison.GetProperty("model").GetString(), comparison.GetProperty("against").GetString(), comparison.GetProperty("metric").GetString(), comparison.GetProperty("difference").GetDouble()));
        Assert.InRange(comparison.GetProperty("p").GetDouble(), 0.00005, 0.003);
    }

    [Fact]
    public async Task A_run_that_goes_on_fits_what_is_missing_and_ends_as_a_run_in_one()
    {
        Assert.Equal(0, (await RunAsync("--format", "sessions", "--json", PathOf("whole.json"))).Code);
        Assert.Equal(0, (await RunAsync("--format", "sessions", "--json", PathOf("parts.json"), "--models", "lstm")).Code);
        _wrong.Fits.Clear();
        Assert.Equal(0, (await RunAsync("--format", "sessions", "--json", PathOf("parts.json"), "--resume")).Code);

        Assert.Empty(_wrong.Fits);
        using var whole = await ReadAsync("whole.json");
        using var parts = await ReadAsync("parts.json");
        Assert.True(JsonElement.DeepEquals(whole.RootElement.GetProperty("comparisons"), parts.RootElement.GetProperty("comparisons")));
        Assert.Equal(2, parts.RootElement.GetProperty("models").GetArrayLength());

        var (code, _, error) = await RunAsync("--format", "sessions", "--json", PathOf("parts.json"), "--resume", "--seed", "2");
        Assert.Equal(1, code);
        Assert.Contains("has seed 1 and this run 2", error, StringComparison.Ordinal);

        await File.AppendAllTextAsync(PathOf("train_sessions.txt"), "1 2\n", TestContext.Current.CancellationToken);
        (code, _, error) = await RunAsync("--format", "sessions", "--json", PathOf("parts.json"), "--resume");
        Assert.Equal(1, code);
        Assert.Contains("has fingerprint", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whole_histories_are_ranked_with_and_without_what_was_seen()
    {
        var (code, output, error) = await RunAsync("--format", "sequences", "--models", "transformer", "--test-max", "4", "--json", PathOf("result.json"));

        Assert.True(code == 0, error);
        Assert.Contains("HR@10 unseen", output, StringComparison.Ordinal);
        using var result = await ReadAsync("result.json");
        Assert.Equal(4, result.RootElement.GetProperty("dataset").GetProperty("testQuestions").GetInt32());
        var metrics = Assert.Single(result.RootElement.GetProperty("models").EnumerateArray()).GetProperty("metrics");
        Assert.Equal(metrics.GetProperty("hr@10").GetProperty("mean").GetDouble(), metrics.GetProperty("hr@10.filtered").GetProperty("mean").GetDouble());
    }

    [Fact]
    public async Task A_group_stands_for_those_in_it_and_is_not_among_all()
    {
        var (code, _, error) = await RunAsync("--format", "sessions", "--models", "heads,lstm", "--json", PathOf("group.json"));
        Assert.True(code == 0, error);
        Assert.Equal(0, (await RunAsync("--format", "sessions", "--json", PathOf("all.json"))).Code);

        using var grouped = await ReadAsync("group.json");
        using var all = await ReadAsync("all.json");
        Assert.Equal(["sqn", "lstm"], NamesOf(grouped));
        Assert.Equal(["transformer", "lstm"], NamesOf(all));

        static IEnumerable<string?> NamesOf(JsonDocument result) => result.RootElement.GetProperty("models").EnumerateArray().Select(model => model.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData(2, "lstm", "--format", "sessions", "--models", "gru5rec")]
    [InlineData(2, "names no model", "--format", "sessions", "--models", ",")]
    [InlineData(2, "--json", "--format", "sessions", "--resume")]
    [InlineData(2, "below 1", "--format", "sessions", "--seeds", "0")]
    [InlineData(2, "below 1", "--format", "sessions", "--test-max", "0")]
    [InlineData(2, "sequences", "--format", "baskets")]
    [InlineData(2, "column mapping", "--format", "events", "--columns", "user")]
    [InlineData(1, "has no events.tsv", "--format", "events")]
    public async Task What_cannot_be_done_is_told_in_a_line(int expected, string told, params string[] args)
    {
        var (code, output, error) = await RunAsync(args);

        Assert.Equal((expected, ""), (code, output));
        Assert.StartsWith("aptrl: ", error, StringComparison.Ordinal);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_help_is_as_approved_and_names_the_models()
    {
        var (code, output, _) = await RunAsync("--help");

        Assert.Equal(0, code);
        ApprovedFile.Check("help-evaluate.txt", output.Replace("AptRl.Tests evaluate", "aptrl evaluate", StringComparison.Ordinal));
    }

    [Fact]
    public void Every_recipe_has_a_name_of_its_own_and_settings()
    {
        IRecipe[] recipes = [.. Recipes.All, .. Recipes.Heads, .. Recipes.Controls];
        Assert.Equal(recipes.Length, recipes.Select(recipe => recipe.Name).Distinct().Count());
        Assert.All(recipes, recipe => Assert.Matches("^[a-z0-9]+(-[a-z0-9]+)*$", recipe.Name));
        Assert.All(recipes, recipe => Assert.NotEmpty(recipe.Trials));
    }

    private async Task<JsonDocument> ReadAsync(string name)
        => JsonDocument.Parse(await File.ReadAllTextAsync(PathOf(name), TestContext.Current.CancellationToken));

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.RunAsync(
            new RootCommand { EvaluateCommand.Create([_right, _wrong], ("heads", [_head])) },
            ["evaluate", .. args.Contains("--help") ? [] : new[] { "--data", _folder.FullName }, .. args],
            new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
