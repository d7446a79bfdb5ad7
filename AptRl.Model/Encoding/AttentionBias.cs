using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AptRl.Model.Encoding;

/// <summary>What is added to attention scores: a bias of the distance in positions, one of the distance in time, and who is not seen.</summary>
internal static class AttentionBias
{
    // Far below any score, so that its exponential and its SiLU are exactly 0, and finite, so that no difference is not a number.
    private const float NotSeen = -1e9f;

    /// <summary>A number per distance and head; null for an encoder without relative positions.</summary>
    internal static Embedding? OfPositions(EncoderOptions options, int lookBack)
        => options.Positions is PositionKind.Relative ? nn.Embedding(lookBack + 2, options.Heads) : null;

    /// <summary>A number per bucket of time between and head; null for an encoder that reads no times.</summary>
    internal static Embedding? OfGaps(EncoderOptions options)
        => options.WithoutTimes ? null : nn.Embedding(SequenceBatch.Hidden + 1, options.Heads);

    /// <param name="positions">Of <see cref="OfPositions"/>.</param>
    /// <param name="gaps">Of <see cref="OfGaps"/>.</param>
    /// <param name="pairs">[B, T, T], the time-gap bucket of query and key, or <see cref="SequenceBatch.Hidden"/>.</param>
    /// <param name="lookBack">Positions that are seen before one's own.</param>
    /// <returns>[B, H, T, T], or [B, 1, T, T] without any bias; the caller's scope disposes it.</returns>
    internal static Tensor Of(Embedding? positions, Embedding? gaps, Tensor pairs, int lookBack)
    {
        var distances = Distances((int)pairs.shape[1], lookBack);
        var unseen = pairs.IsNumber(SequenceBatch.Hidden).logical_or(distances.IsNumber(lookBack + 1)).to(float32).Times(NotSeen).unsqueeze(-1);

        // [B, T, T, H] and [T, T, H] -> [B, H, T, T].
        var learned = (gaps?.forward(pairs), positions?.forward(distances)) switch
        {
            ({ } ofGaps, { } ofPositions) => ofGaps.Plus(ofPositions),
            var (ofGaps, ofPositions) => ofGaps ?? ofPositions,
        };
        return (learned is null ? unseen : learned.Plus(unseen)).permute(0, 3, 1, 2);
    }

    /// <returns>[T, T]</returns>
    private static Tensor Distances(int time, int lookBack)
    {
        var distances = new long[time * time];
        for (var query = 0; query < time; query++)
        {
            for (var key = 0; key < time; key++)
            {
                var distance = query - key;
                distances[query * time + key] = distance >= 0 && distance <= lookBack ? distance : lookBack + 1;
            }
        }

        return tensor(distances, [time, time]);
    }
}
