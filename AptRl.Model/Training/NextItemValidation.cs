using AptRl.Model.Encoding;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;

namespace AptRl.Model.Training;

/// <summary>How well the next item is found among all known items.</summary>
internal static class NextItemValidation
{
    private const int RankMax = 20;
    private const int BatchSize = 64;

    /// <returns>HR@20 and MRR@20, both null without targets.</returns>
    internal static (double? HitRate, double? ReciprocalRank) Of(
        SequenceEncoder encoder, Vocabulary vocabulary, Token[][] windows, int[] rows, CancellationToken cancellation)
    {
        if (rows.Length == 0)
        {
            return (null, null);
        }

        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var items = functional.normalize(encoder.ItemTable.narrow(0, vocabulary.FirstKnownRow, vocabulary.Known.Count)).t();
        var (hits, reciprocal) = (0, 0d);
        for (var from = 0; from < rows.Length; from += BatchSize)
        {
            cancellation.ThrowIfCancellationRequested();
            var part = windows.AsSpan(from, Math.Min(BatchSize, rows.Length - from));
            foreach (var (rank, i) in Ranks(encoder, items, part, rows.AsSpan(from, part.Length), vocabulary).Select((rank, i) => (rank, i)))
            {
                if (rows[from + i] >= vocabulary.FirstKnownRow && rank <= RankMax)
                {
                    hits++;
                    reciprocal += 1d / rank;
                }
            }
        }

        return ((double)hits / rows.Length, reciprocal / rows.Length);
    }

    // Ties count against us: an encoder that gives all items one score has found nothing.
    private static long[] Ranks(
        SequenceEncoder encoder, Tensor items, ReadOnlySpan<Token[]> windows, ReadOnlySpan<int> rows, Vocabulary vocabulary)
    {
        using var scope = NewDisposeScope();
        var wanted = new long[rows.Length];
        for (var i = 0; i < wanted.Length; i++)
        {
            // An unknown item is a miss whatever its rank, so any column will do.
            wanted[i] = Math.Max(0, rows[i] - vocabulary.FirstKnownRow);
        }

        var scores = matmul(tensor(encoder.Newest(windows), [windows.Length, items.shape[0]]), items);
        return scores.ge(scores.gather(1, tensor(wanted).unsqueeze(-1))).sum(1).data<long>().ToArray();
    }
}
