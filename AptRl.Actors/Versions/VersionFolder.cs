using System.Text.Json;
using AptRl.Model.Encoding;
using AptRl.Model.Versions;

namespace AptRl.Actors.Versions;

/// <summary>The encoders of a data folder on disk: their files in <c>versions/</c>, and <c>versions.json</c>, which says which one serves.</summary>
/// <remarks>
/// <c>versions.json</c> is replaced by rename after its content is on the disk, so that it is the old one or the new one wherever a
/// process ends. Two writers at once are kept apart by a lock file. A running node reads it at its start only.
/// </remarks>
public sealed class VersionFolder
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly string _directory;

    /// <summary>The versions of a data folder.</summary>
    /// <param name="directory">The data folder; it need not be there yet.</param>
    public VersionFolder(string directory) => _directory = Path.GetFullPath(directory);

    /// <summary>What says which encoder serves.</summary>
    public string ManifestFile => Path.Combine(_directory, "versions.json");

    /// <summary>The encoders; null where the folder has no versions.</summary>
    /// <exception cref="InvalidDataException">The manifest is damaged.</exception>
    public EncoderVersions? Read()
    {
        if (!File.Exists(ManifestFile))
        {
            return null;
        }

        try
        {
            var manifest = JsonSerializer.Deserialize<Manifest>(File.ReadAllBytes(ManifestFile), Json);
            return manifest is { Format: Manifest.FormatNow, Encoders: { Versions.IsDefault: false, History.IsDefault: false, Former.IsDefault: false } encoders }
                && encoders.Versions.Any(version => version.Id == encoders.Active)
                ? encoders
                : throw new InvalidDataException($"{ManifestFile} does not say which version serves, or is of a newer AptRl: restore a copy of it");
        }
        catch (JsonException damage)
        {
            throw new InvalidDataException($"{ManifestFile} is damaged ({damage.Message}): restore a copy of it", damage);
        }
    }

    /// <summary>The file of an encoder, without its extension.</summary>
    public string FileOf(string id) => Path.Combine(_directory, "versions", id);

    /// <summary>Copies an encoder's files into the folder; done again it changes nothing.</summary>
    public void Keep(EncoderModel model)
    {
        var file = FileOf(model.Version);
        if (!File.Exists(file + ".json"))
        {
            model.Save(file);
        }
    }

    /// <summary>Changes what the manifest says, on the disk when this returns.</summary>
    /// <param name="change">Told what it says, null where there is none; gives what it is to say.</param>
    /// <exception cref="IOException">Another process is changing it.</exception>
    public EncoderVersions Change(Func<EncoderVersions?, EncoderVersions> change)
    {
        Directory.CreateDirectory(_directory);
        using var held = Held();
        var (before, partial) = (Read(), ManifestFile + ".partial");
        var after = change(before);
        using (var file = new FileStream(partial, FileMode.Create, FileAccess.Write))
        {
            file.Write(JsonSerializer.SerializeToUtf8Bytes(new Manifest(Manifest.FormatNow, after), Json));
            file.Flush(flushToDisk: true);
        }

        File.Move(partial, ManifestFile, overwrite: true);
        foreach (var gone in (before?.Versions ?? []).Where(version => after.Versions.All(kept => kept.Id != version.Id)))
        {
            File.Delete(FileOf(gone.Id) + ".json");
            File.Delete(FileOf(gone.Id) + ".safetensors");
        }

        return after;
    }

    private FileStream Held()
    {
        try
        {
            return new FileStream(Path.Combine(_directory, "versions.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException($"the versions of {_directory} are being changed by another process: try again", fault);
        }
    }

    private sealed record Manifest(int Format, EncoderVersions Encoders)
    {
        public const int FormatNow = 1;
    }
}
