using AptRl.Model.Encoding;
using AptRl.Model.Events;

namespace AptRl.Model.Training;

/// <summary>Chunks side by side, with what is to be predicted at each position.</summary>
internal sealed class TrainingBatch
{
    private readonly List<long> _positions = [];
    private readonly List<long> _targets = [];
    private readonly List<float> _weights = [];
    private readonly List<int> _touches = [];

    private TrainingBatch(int count, int length) => Inputs = new SequenceBatch(count, length);

    internal SequenceBatch Inputs { get; }

    /// <summary>[M], into the flattened [B · T] positions.</summary>
    internal long[] Positions => [.. _positions];

    /// <summary>[M] rows wanted there.</summary>
    internal long[] Targets => [.. _targets];

    /// <summary>[M], how much each counts.</summary>
    internal float[] Weights => [.. _weights];

    /// <summary>[M], which touch of all it is (<see cref="TrainingSequences.FirstTouchOf"/>): for what else is known of it.</summary>
    internal int[] Touches => [.. _touches];

    /// <summary>M, the things to predict.</summary>
    internal int Count => _targets.Count;

    /// <summary>Gives every row another number, in the inputs and among what is wanted.</summary>
    internal void Rename(Func<long, long> name)
    {
        Inputs.Rename(name);
        for (var i = 0; i < _targets.Count; i++)
        {
            _targets[i] = name(_targets[i]);
        }
    }

    /// <summary>Every position predicts what is touched next, and with less weight what comes after that.</summary>
    internal static TrainingBatch NextItem(
        TrainingSequences sequences, ReadOnlySpan<int> chunks, double unknownShare, int targetsAhead, Chance chance)
    {
        var length = LongestOf(sequences, chunks);
        var batch = new TrainingBatch(chunks.Length, length);
        for (var i = 0; i < chunks.Length; i++)
        {
            var (tokens, fromStart) = sequences.Chunk(chunks[i]);
            Replace(tokens, sequences.Vocabulary, unknownShare, ref chance);
            batch.Inputs.Set(i, tokens.AsSpan(0, tokens.Length - 1), fromStart);

            // The newest position predicts the last token, the one before it the last but one, and the start token the first.
            for (var back = 0; back < tokens.Length - (fromStart ? 0 : 1); back++)
            {
                var next = tokens.Length - 1 - back;
                for (var ahead = 0; ahead < targetsAhead && next + ahead < tokens.Length; ahead++)
                {
                    if (TrainingSequences.IsTarget(tokens[next + ahead]) && (ahead == 0 || tokens[next + ahead].Row != tokens[next].Row))
                    {
                        batch.Add((i + 1) * length - 1 - back, tokens[next + ahead].Row, sequences.WeightOf(chunks[i]) / (1 << ahead), sequences.FirstTouchOf(chunks[i]) + next + ahead);
                    }
                }
            }
        }

        return batch;
    }

    /// <summary>Some touches are hidden behind a mask, and predicted from what stands on both sides (Sun et al. 2019, BERT4Rec).</summary>
    /// <remarks>The last touch is masked alone for a tenth of the sequences, because that is what is asked for later.</remarks>
    internal static TrainingBatch Masked(TrainingSequences sequences, ReadOnlySpan<int> chunks, double maskedShare, Chance chance)
    {
        var length = 1 + LongestOf(sequences, chunks);
        var batch = new TrainingBatch(chunks.Length, length);
        for (var i = 0; i < chunks.Length; i++)
        {
            var (tokens, _) = sequences.Chunk(chunks[i]);
            var (onlyLast, any) = (chance.NextDouble() < .1, chance.Next(tokens.Length));
            for (var at = 0; at < tokens.Length; at++)
            {
                var masked = onlyLast ? at == tokens.Length - 1 : chance.NextDouble() < maskedShare || at == any;
                if (masked && TrainingSequences.IsTarget(tokens[at]))
                {
                    batch.Add((i + 1) * length - tokens.Length + at, tokens[at].Row, sequences.WeightOf(chunks[i]), sequences.FirstTouchOf(chunks[i]) + at);
                    tokens[at] = tokens[at] with { Row = Vocabulary.NoItemRow };
                }
            }

            batch.Inputs.Set(i, tokens, fromStart: false);
        }

        return batch;
    }

    private static int LongestOf(TrainingSequences sequences, ReadOnlySpan<int> chunks)
    {
        var length = 1;
        foreach (var chunk in chunks)
        {
            length = Math.Max(length, sequences.LengthOf(chunk));
        }

        return length;
    }

    private void Add(int position, int row, float weight, int touch)
    {
        _touches.Add(touch);
        _positions.Add(position);
        _targets.Add(row);
        _weights.Add(weight);
    }

    // Half of them by the item's own bucket, so that it takes after the items in it; half by any, so that the buckets
    // without an item in training come to mean "an item we do not know".
    private static void Replace(Token[] tokens, Vocabulary vocabulary, double share, ref Chance chance)
    {
        for (var i = 0; share > 0 && i < tokens.Length; i++)
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
