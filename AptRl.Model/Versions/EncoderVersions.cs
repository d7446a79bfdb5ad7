using System.Collections.Immutable;

namespace AptRl.Model.Versions;

/// <summary>One encoder that a data folder knows.</summary>
/// <param name="Id">Version of the encoder: the hash of its weights, options and vocabulary.</param>
/// <param name="AddedAt">When it was added.</param>
/// <param name="From">The file that it was copied from, as it was named.</param>
public sealed record EncoderVersion(string Id, DateTimeOffset AddedAt, string From);

/// <summary>A change of the encoder that serves.</summary>
/// <param name="Id">The encoder that serves from then on.</param>
/// <param name="At">When.</param>
/// <param name="IsRollback">Whether it returned to the one before.</param>
public sealed record Promotion(string Id, DateTimeOffset At, bool IsRollback);

/// <summary>The encoders of a data folder: which serve, which only look on, and how that came. Immutable.</summary>
/// <remarks>
/// Written as a whole or not at all, it is the one place that says which encoder serves: a promotion is made when it is written, and
/// what follows from it is repeated until it is done.
/// </remarks>
public sealed record EncoderVersions
{
    /// <summary>Encoders that a folder knows at most; the files of further ones would fill it.</summary>
    public const int CountMax = 16;

    /// <summary>Changes that are remembered; the oldest is forgotten.</summary>
    public const int HistoryMax = 256;

    /// <summary>The encoders, in the order in which they were added; the first is the one that the folder began with.</summary>
    public required ImmutableArray<EncoderVersion> Versions { get; init; }

    /// <summary>The changes, oldest first.</summary>
    public ImmutableArray<Promotion> History { get; init; } = [];

    /// <summary>The encoders to return to, the last one last.</summary>
    public ImmutableArray<string> Former { get; init; } = [];

    /// <summary>The encoder that serves.</summary>
    public required string Active { get; init; }

    /// <summary>A folder that has one encoder.</summary>
    public static EncoderVersions Of(EncoderVersion first) => new() { Versions = [first], Active = first.Id };

    /// <summary>The encoder of this version, or of the only one that begins so; null where there is none or more than one.</summary>
    public EncoderVersion? Find(string id)
        => id.Length >= 4 && Versions.Where(version => version.Id.StartsWith(id, StringComparison.Ordinal)).ToList() is [var only] ? only : null;

    /// <summary>With one more encoder, which serves nobody; the same where it is known.</summary>
    /// <exception cref="ArgumentException">There are <see cref="CountMax"/> already.</exception>
    public EncoderVersions With(EncoderVersion version)
        => Versions.Any(known => known.Id == version.Id) ? this
            : Versions.Length < CountMax ? this with { Versions = Versions.Add(version) }
            : throw new ArgumentException($"the folder has {Versions.Length} versions, the most it keeps: take one out with 'aptrl versions remove'");

    /// <summary>Without an encoder that does not serve.</summary>
    /// <exception cref="ArgumentException">It serves, or is the one to return to.</exception>
    public EncoderVersions Without(string id)
        => id == Active || Former.Contains(id)
            ? throw new ArgumentException($"version {id} {(id == Active ? "serves" : "is one that a rollback returns to")}: it must stay")
            : this with { Versions = Versions.RemoveAll(version => version.Id == id) };

    /// <summary>With this encoder serving.</summary>
    /// <exception cref="ArgumentException">It is not known, or serves already.</exception>
    public EncoderVersions Promote(string id, DateTimeOffset at)
        => Versions.All(version => version.Id != id) ? throw new ArgumentException($"there is no version {id}: add it with 'aptrl versions add'")
            : id == Active ? throw new ArgumentException($"version {id} serves already")
            : this with { Active = id, Former = [.. Former.TakeLast(CountMax - 1), Active], History = Remembered(new Promotion(id, at, false)) };

    /// <summary>With the encoder serving that served before the last promotion.</summary>
    /// <exception cref="ArgumentException">Nothing was promoted.</exception>
    public EncoderVersions RollBack(DateTimeOffset at)
        => Former.IsEmpty ? throw new ArgumentException("there is nothing to return to: no version was promoted")
            : this with { Active = Former[^1], Former = Former.RemoveAt(Former.Length - 1), History = Remembered(new Promotion(Former[^1], at, true)) };

    private ImmutableArray<Promotion> Remembered(Promotion promotion) => [.. History.TakeLast(HistoryMax - 1), promotion];
}
