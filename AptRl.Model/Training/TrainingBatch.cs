using AptRl.Model.Encoding;
using AptRl.Model.Events;

namespace AptRl.Model.Training;

/// <summary>Chunks side by side, with the row to be predicted at each position.</summary>
internal sealed class TrainingBatch
{
    /// <summary>The target where there is nothing to predict.</summary>
    internal const long None = -100;

    internal TrainingBatch(TrainingSequences sequences, ReadOnlySpan<int> chunks, double unknownShare, Chance chance)
    {
        var length = 1;
        foreach (var chunk in chunks)
        {
            length = Math.Max(length, sequences.LengthOf(chunk));
        }

        Inputs = new SequenceBatch(chunks.Length, length);
        Targets = new long[chunks.Length * length];
        Array.Fill(Targets, None);
        for (var i = 0; i < chunks.Length; i++)
        {
            var (tokens, fromStart) = sequences.Chunk(chunks[i]);
            Replace(tokens, sequences.Vocabulary, unknownShare, ref chance);
            Inputs.Set(i, tokens.AsSpan(0, tokens.Length - 1), fromStart);

            // The newest position predicts the last token, the one before it the last but one, and the start token the first.
            for (var back = 0; back < tokens.Length - (fromStart ? 0 : 1); back++)
            {
                if (tokens[^(1 + back)] is var next && TrainingSequences.IsTarget(next))
                {
                    Targets[(i + 1) * length - 1 - back] = next.Row;
                    Count++;
                }
            }
        }
    }

    internal SequenceBatch Inputs { get; }

    /// <summary>[B · T] rows, or <see cref="None"/>.</summary>
    internal long[] Targets { get; }

    /// <summary>Positions with something to predict.</summary>
    internal int Count { get; }

    // Half of them by the item's own bucket, so that it takes after the items in it; half by any, so that the buckets
    // without an item in training come to mean "an item we do not know".
    private static void Replace(Token[] tokens, Vocabulary vocabulary, double share, ref Chance chance)
    {
        for (var i = 0; i < tokens.Length; i++)
        {
            var (draw, any) = (chance.NextDouble(), chance.Next(vocabulary.HashBuckets));
            if (tokens[i].Row >= vocabulary.FirstKnownRow && draw < share)
            {
                var row = draw < share / 2
                    ? vocabulary.BucketOf(vocabulary.Known[tokens[i].Row - vocabulary.FirstKnownRow])
                    : Vocabulary.FirstBucketRow + any;
                tokens[i] = tokens[i] with { Row = row };
            }
        }
    }
}
