using System.Globalization;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Training;

namespace AptRl.Host.Demo;

/// <summary>The encoder of a simulated shop: fitted to its history once, then kept in the user's cache folder.</summary>
internal static class ShopEncoder
{
    /// <summary>Interactions of a shop's history that the demo's encoder is fitted to.</summary>
    public const int HistoryLength = 20_000;

    /// <summary>For the demo. Whoever runs it for the first time waits for this.</summary>
    /// <remarks>
    /// A longer fit predicts the next item better, and earned nothing more within a minute: what is learned online soon
    /// outweighs it (docs/performance.md).
    /// </remarks>
    public static readonly TrainingOptions Quick = new() { EpochsMax = 2, Patience = 2, BatchPositions = 256 };

    /// <summary>For simulations, which are compared with others and have the time.</summary>
    /// <remarks>A history this short is few batches: small ones, so that there are steps enough to get past popularity.</remarks>
    public static readonly TrainingOptions Thorough = new() { EpochsMax = 10, Patience = 2, BatchPositions = 512 };

    private static readonly EncoderOptions Shape = new() { Layers = 1 };

    /// <summary>The path of the weights; they are fitted where the cache does not hold them.</summary>
    /// <param name="history">What shoppers did before the shop had recommendations.</param>
    /// <param name="fit">How they are fitted: <see cref="Quick"/> or <see cref="Thorough"/>.</param>
    /// <param name="cacheFolder">Where weights are kept.</param>
    /// <param name="progress">Called while they are fitted, and never where the cache holds them.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="OperationCanceledException">It was cancelled; nothing is kept.</exception>
    public static string Provide(
        IEnumerable<Interaction> history, TrainingOptions fit, string cacheFolder, IProgress<TrainingProgress> progress, CancellationToken cancellation)
    {
        var dataset = SequenceDataset.From(history);
        var options = StableHash.Of($"{Shape} {fit}");
        var path = Path.Combine(
            cacheFolder, "demo", string.Create(CultureInfo.InvariantCulture, $"{dataset.Hash}-{options:x16}.safetensors"));
        if (IsUsable(path, dataset.Hash))
        {
            return path;
        }

        using var model = EncoderTrainer.Fit(dataset, Shape, fit, progress, cancellation: cancellation);
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
