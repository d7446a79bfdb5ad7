using System.Globalization;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Training;

namespace AptRl.Host.Demo;

/// <summary>The encoder of a simulated shop: fitted to its history once, then kept in the user's cache folder.</summary>
internal static class ShopEncoder
{
    /// <summary>Interactions of a shop's history that an encoder is fitted to.</summary>
    public const int HistoryLength = 20_000;

    private static readonly EncoderOptions Shape = new() { Layers = 1 };

    // Whoever runs the demo for the first time waits for it, and what is learned online soon outweighs it: a longer fit predicts
    // the next item better and earned nothing more within a minute (docs/performance.md). Small batches, so that there are steps
    // enough to get past popularity.
    private static readonly TrainingOptions Fit = new() { EpochsMax = 2, Patience = 2, BatchPositions = 256 };

    /// <summary>The path of the weights; they are fitted where the cache does not hold them.</summary>
    /// <param name="history">What shoppers did before the shop had recommendations.</param>
    /// <param name="cacheFolder">Where weights are kept.</param>
    /// <param name="progress">Called while they are fitted, and never where the cache holds them.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is kept.</exception>
    public static string Provide(
        IEnumerable<Interaction> history, string cacheFolder, IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        var dataset = SequenceDataset.From(history);
        var options = StableHash.Of($"{Shape} {Fit}");
        var path = Path.Combine(
            cacheFolder, "demo", string.Create(CultureInfo.InvariantCulture, $"{dataset.Hash}-{options:x16}.safetensors"));
        if (IsUsable(path, dataset.Hash))
        {
            return path;
        }

        using var model = EncoderTrainer.Fit(dataset, Shape, Fit, progress, cancellation: cancellation);
        model.Save(path);
        return path;
    }

    /// <summary>The user's cache folder: <c>$XDG_CACHE_HOME/aptrl</c>, else <c>~/.cache/aptrl</c>, else a folder for temporary files.</summary>
    public static string CacheFolder()
    {
        if (Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } chosen && Path.IsPathRooted(chosen))
        {
            return Path.Combine(chosen, "aptrl");
        }

        return Environment.GetFolderPath(Environment.SpecialFolder.UserProfile) is { Length: > 0 } home
            ? Path.Combine(home, ".cache", "aptrl")
            : Path.Combine(Path.GetTempPath(), $"aptrl-{Environment.UserName}");
    }

    // A damaged file, or one of an older format, is made anew instead of asking somebody to delete it.
    private static bool IsUsable(string path, string dataHash)
    {
        try
        {
            using var model = EncoderModel.Load(path);
            return model.Fit?.DataHash == dataHash;
        }
        catch (Exception error) when (error is FileNotFoundException or InvalidDataException)
        {
            return false;
        }
    }
}
