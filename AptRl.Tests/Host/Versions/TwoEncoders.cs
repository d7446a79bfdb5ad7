using System.Globalization;
using AptRl.Actors.Versions;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Versions;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host.Versions;

/// <summary>A journal made by the real program with one encoder, and another encoder that is to take over.</summary>
public sealed class TwoEncoders : IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-versions-");

    internal string First { get; private set; } = null!;

    internal string Second { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        var log = PathOf("shop.ndjson");
        await File.WriteAllLinesAsync(log, Log());
        (First, Second) = (Save("first", 1), Save("second", 2));
        var (code, output, error) = await AptRlProcess.RunAsync(
            "replay", "--input", log, "--data-dir", PathOf("made"), "--model", PathOf("first.safetensors"), "--count", "4");
        Assert.True(code == 0, $"{output}\n{error}");
    }

    public ValueTask DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    internal string PathOf(string name) => Path.Combine(_folder.FullName, name);

    internal EncoderModel Load(string id) => EncoderModel.Load(PathOf(id == First ? "first" : "second"));

    /// <summary>A copy of the folder, with both versions; the second serves where <paramref name="isPromoted"/> says so.</summary>
    internal string Copy(string name, bool isPromoted = false)
    {
        var to = Directory.CreateDirectory(PathOf(name)).FullName;
        foreach (var file in (string[])["journal.db", "snapshots.db"])
        {
            File.Copy(Path.Combine(PathOf("made"), file), Path.Combine(to, file));
        }

        var versions = new VersionFolder(to);
        foreach (var id in (string[])[First, Second])
        {
            using var model = Load(id);
            versions.Keep(model);
        }

        var both = EncoderVersions.Of(new EncoderVersion(First, Sample.Noon, "first")).With(new EncoderVersion(Second, Sample.Noon, "second"));
        versions.Change(_ => isPromoted ? both.Promote(Second, Sample.Noon) : both);
        return to;
    }

    private string Save(string name, ulong seed)
    {
        using var model = EncoderModel.Fresh(new EncoderOptions { Width = 16, Layers = 1 }, [.. Enumerable.Range(0, 15).Select(i => new ItemId($"i{i}"))], seed);
        model.Save(PathOf(name));
        return model.Version;
    }

    private static IEnumerable<string> Log()
    {
        var chance = new Chance(8);
        var at = new DateTimeOffset(2026, 5, 1, 0, 0, 0, TimeSpan.Zero);
        for (var line = 0; line < 700; line++)
        {
            at = at.AddSeconds(chance.Next(60));
            yield return string.Create(
                CultureInfo.InvariantCulture,
                $$"""{"id":"e{{line}}","user":"u{{chance.Next(40)}}","time":"{{at:yyyy-MM-ddTHH:mm:ssZ}}","type":"{{(chance.Next(4) == 0 ? "buy" : "view")}}","item":"i{{chance.Next(15)}}"}""");
        }
    }
}
