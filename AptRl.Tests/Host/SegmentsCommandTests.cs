using System.CommandLine;
using System.Text.Json;
using AptRl.Host.Commands;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using Xunit;

namespace AptRl.Tests.Host;

[Collection("Torch")]
public sealed class SegmentsCommandTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-segments-");

    public SegmentsCommandTests()
    {
        using var model = EncoderModel.Fresh(new EncoderOptions { Width = 8, Layers = 1, HashBuckets = 4 }, [new ItemId("boot"), new ItemId("hat")], seed: 1);
        model.Save(PathOf("shop.safetensors"));

        // Ten who buy boots again and again, and twenty who look at ever other things.
        File.WriteAllLines(PathOf("events.csv"), Enumerable.Range(0, 30).SelectMany(user => Enumerable.Range(0, 6).Select(
            at => $"u{user},{1767225600 + user * 1000 + at},{(user < 10 ? "purchase" : "view")},{(user < 10 ? "boot" : $"item{user * 6 + at}")}"))
            .Prepend("user,time,type,item"));
    }

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Segments_are_printed_with_sizes_and_names_and_written_down()
    {
        var (code, output, error) = await RunAsync(
            "--model", PathOf("shop.safetensors"), "--input", PathOf("events.csv"), "--count", "2", "--behaviour-weight", "3", "--json", PathOf("out.json"), "--assignments", PathOf("users.tsv"));

        Assert.True(code == 0, error);
        Assert.Matches(@"0 +20 users +66\.7 % +seldom buys, looks at ever new items", output);
        Assert.Matches(@"1 +10 users +33\.3 % +buys often, returns to the same items", output);

        using var result = JsonDocument.Parse(await File.ReadAllTextAsync(PathOf("out.json"), TestContext.Current.CancellationToken));
        var segments = result.RootElement.GetProperty("segments").EnumerateArray().ToArray();
        Assert.Equal([20, 10], segments.Select(segment => segment.GetProperty("users").GetInt32()));
        Assert.Equal(1, segments[1].GetProperty("behaviours").GetProperty("purchases").GetProperty("mean").GetDouble());

        var assigned = await File.ReadAllLinesAsync(PathOf("users.tsv"), TestContext.Current.CancellationToken);
        Assert.Equal(31, assigned.Length);
        Assert.Contains(assigned, line => line.StartsWith("u3\t1\t", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(2, "is not in 2 to 50", "--count", "1")]
    [InlineData(1, "aptrl train", "--model", "nowhere.safetensors")]
    [InlineData(2, "column mapping", "--columns", "user")]
    public async Task What_cannot_be_done_is_told_in_a_line(int expected, string told, params string[] args)
    {
        string[] model = args.Contains("--model") ? [] : ["--model", PathOf("shop.safetensors")];
        var (code, output, error) = await RunAsync([.. model, "--input", PathOf("events.csv"), .. args]);

        Assert.Equal((expected, ""), (code, output));
        Assert.StartsWith("aptrl: ", error, StringComparison.Ordinal);
        Assert.Contains(told, error, StringComparison.Ordinal);
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.RunAsync(
            new RootCommand { SegmentsCommand.Create() }, ["segments", .. args], new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
