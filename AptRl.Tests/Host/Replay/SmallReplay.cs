using System.Globalization;
using System.Text.Json.Nodes;
using AptRl.Model.Events;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host.Replay;

/// <summary>A short log, replayed once by the real program with an actor-critic: what folds of a journal are tried on.</summary>
public sealed class SmallReplay : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-small-replay-");

    internal string Folder => FileOf("run");

    internal string[] Learner { get; } = ["--learner", "actor-critic"];

    internal JsonNode Report { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var log = FileOf("shop.ndjson");
        await File.WriteAllLinesAsync(log, Log());
        var (code, output, error) = await AptRlProcess.RunAsync(["replay", "--input", log, "--data-dir", Folder, .. Learner]);
        Assert.True(code == 0, $"{output}\n{error}");
        Report = JsonNode.Parse(await File.ReadAllTextAsync(Path.Combine(Folder, "replay.json")))!;
        Assert.True((long)Report["rewardsJoined"]! > 20, Report.ToJsonString());
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    internal string FileOf(string name) => Path.Combine(_folder.FullName, name);

    private static IEnumerable<string> Log()
    {
        var chance = new Chance(5);
        var at = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        for (var line = 0; line < 600; line++)
        {
            at = at.AddSeconds(chance.Next(60));
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"id":"e{{line}}","user":"u{{chance.Next(6)}}","time":"{{at:yyyy-MM-ddTHH:mm:ssZ}}","type":"{{(chance.Next(4) == 0 ? "buy" : "view")}}","item":"i{{chance.Next(15)}}"}""");
        }
    }
}
