using AptRl.Model.Encoding;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>How well the next item is found among all known items.</summary>
internal static class NextItemValidation
{
    private const int RankMax = 20;
    private const int BatchSize = 64;

    /// <returns>HR@20 and MRR@20, both null without targets.</returns>
    internal static (double? HitRate, double? ReciprocalRank) Of(
        SequenceNetwork network, Vocabulary vocabulary, Token[][] windows, int[] rows, CancellationToken cancellation)
    {
        if (rows.Length == 0)
        {
            return (null, null);
        }

        var (hits, reciprocal) = (0, 0d);
        foreach (var rank in Ranks(network, vocabulary, windows, rows, cancellation).Where(rank => rank <= RankMax))
        {
            hits++;
            reciprocal += 1d / rank;
        }

        return ((double)hits / rows.Length, reciprocal / rows.Length);
    }

    /// <summary>The place of each wanted row among all known items, from 1; <see cref="long.MaxValue"/> for an unknown item, a miss.</summary>
    internal static long[] Ranks(SequenceNetwork network, Vocabulary vocabulary, Token[][] windows, int[] rows, CancellationToken cancellation)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var known = arange(vocabulary.FirstKnownRow, vocabulary.Rows, dtype: int64);
        var (items, bias) = (network.ItemVectors(known).t().contiguous(), network.ItemBias(known));
        var places = new long[rows.Length];
        for (var from = 0; from < rows.Length; from += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var part = windows.AsSpan(from, Math.Min(BatchSize, rows.Length - from));
            var ranks = Ranks(network, items, bias, part, rows.AsSpan(from, part.Length), vocabulary);
            for (var i = 0; i < ranks.Length; i++)
            {
                places[from + i] = rows[from + i] >= vocabulary.FirstKnownRow ? ranks[i] : long.MaxValue;
            }
        }

        return places;
    }

    // Ties count against us: an encoder that gives all items one score has found nothing.
    private static long[] Ranks(
        SequenceNetwork network, Tensor items, Tensor? bias, ReadOnlySpan<Token[]> windows, ReadOnlySpan<int> rows, Vocabulary vocabulary)
    {
        using var scope = NewDisposeScope();
        var wanted = new long[rows.Length];
        for (var i = 0; i < wanted.Length; i++)
        {
            // An unknown item is a miss whatever its rank, so any column will do.
            wanted[i] = Math.Max(0, rows[i] - vocabulary.FirstKnownRow);
        }

        var scores = matmul(tensor(network.Newest(windows), [windows.Length, items.shape[0]]), items).Times(1 / network.Temperature);
        scores = bias is null ? scores : scores.Plus(bias);
        return scores.ge(scores.gather(1, tensor(wanted).unsqueeze(-1))).sum(1).data<long>().ToArray();
    }
}
