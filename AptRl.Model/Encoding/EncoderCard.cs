using System.Text.Json;
using AptRl.Model.Learning;

namespace AptRl.Model.Encoding;

/// <summary>What stands beside the weights in <c>NAME.json</c>.</summary>
internal sealed record EncoderCard
{
    internal const int FormatNow = 1;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public required int Format { get; init; }

    public required string Version { get; init; }

    public required string Sha256 { get; init; }

    public required EncoderOptions Options { get; init; }

    public required string VocabularyHash { get; init; }

    public required EncoderFit? Fit { get; init; }

    public required IReadOnlyList<string> Items { get; init; }

    public PriorCard? Prior { get; init; }

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Json);

    /// <exception cref="InvalidDataException">It is no card, or one of another format.</exception>
    internal static EncoderCard Read(byte[] json, string path)
    {
        try
        {
            var card = JsonSerializer.Deserialize<EncoderCard>(json, Json)
                ?? throw new InvalidDataException($"{path} is empty: train the encoder again");
            return card.Format == FormatNow
                ? card
                : throw new InvalidDataException($"{path} has format {card.Format}, this program reads {FormatNow}: train the encoder again");
        }
        catch (JsonException damage)
        {
            throw new InvalidDataException($"{path} is no encoder's card ({damage.Message}): train the encoder again", damage);
        }
    }
}

/// <summary>What a learner begins with, on an encoder's card: sums of a log's rows in the units of <see cref="RidgeStatistics"/>.</summary>
internal sealed record PriorCard(double Rows, long LogRows, IReadOnlyList<long> Gram, IReadOnlyList<long> Clicks)
{
    internal static PriorCard Of(RidgePrior prior)
        => new(prior.Rows, prior.Statistics.Rows, [.. prior.Statistics.Gram], [.. prior.Statistics.Rewards[..FeatureVector.Length]]);

    /// <exception cref="InvalidDataException">It was made with other features.</exception>
    internal RidgePrior ToPrior(string path)
        => Gram.Count == RidgeStatistics.GramLength && Clicks.Count == FeatureVector.Length
            ? new RidgePrior(
                new RidgeStatistics([.. Gram], [.. Clicks, .. new long[(RidgeStatistics.RewardTypes - 1) * FeatureVector.Length]], LogRows), Rows)
            : throw WeightsFile.Damaged(path, $"its prior is of {Clicks.Count} features, this program has {FeatureVector.Length}");
}
