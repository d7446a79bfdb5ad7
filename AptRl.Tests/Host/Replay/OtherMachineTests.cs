using System.Globalization;
using System.Text.Json.Nodes;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host.Replay;

/// <summary>A journal is folded to the same bits whatever the processor's vectors: the actor-critic's too, which takes steps.</summary>
[Collection("Torch")]
public sealed class OtherMachineTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-machine-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Narrower_vectors_give_the_same_hash()
    {
        var log = Path.Combine(_folder.FullName, "shop.ndjson");
        await File.WriteAllLinesAsync(log, Log(), TestContext.Current.CancellationToken);
        var run = Path.Combine(_folder.FullName, "run");
        string[] learner = ["--learner", "actor-critic", "--data-dir", run];
        var (code, output, error) = await AptRlProcess.RunAsync(["replay", "--input", log, .. learner]);
        Assert.True(code == 0, $"{output}\n{error}");
        var reported = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(run, "replay.json"), TestContext.Current.CancellationToken))!;
        Assert.True((long)reported["rewardsJoined"]! > 20, reported.ToJsonString());

        foreach (var off in (string[][])[["DOTNET_EnableAVX512"], ["DOTNET_EnableAVX512", "DOTNET_EnableAVX2"], ["DOTNET_EnableHWIntrinsic"]])
        {
            using var program = AptRlProcess.Start(
                off.Select(name => KeyValuePair.Create(name, "0")), ["replay", "--verify", "--json", "-", .. learner]);
            var (verified, report, fault) = await program.EndAsync();
            Assert.True(verified == 0, $"{string.Join(' ', off)}: {report}\n{fault}");
            var hash = JsonNode.Parse(report)!["comparisons"]!.AsArray().Single(comparison => (string)comparison!["what"]! == "policy hash")!;
            Assert.Equal((string)reported["policyHash"]!, (string)hash["rebuilt"]!);
        }
    }

    private static IEnumerable<string> Log()
    {
        var chance = new Chance(5);
        var at = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        for (var line = 0; line < 250; line++)
        {
            at = at.AddSeconds(chance.Next(60));
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"id":"e{{line}}","user":"u{{chance.Next(6)}}","time":"{{at:yyyy-MM-ddTHH:mm:ssZ}}","type":"{{(chance.Next(4) == 0 ? "buy" : "view")}}","item":"i{{chance.Next(15)}}"}""");
        }
    }
}
