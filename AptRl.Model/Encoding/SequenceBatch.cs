using static TorchSharp.torch;

namespace AptRl.Model.Encoding;

/// <summary>Windows side by side as an encoder reads them: [B, T] tokens, padded on the left, newest last.</summary>
/// <remarks>
/// A window with room to spare begins with the start token, so that a user without history has a state too, and the
/// encoder can tell a short history from one that was cut.
/// </remarks>
internal sealed class SequenceBatch
{
    /// <summary>The pair bucket of a key that must not be seen.</summary>
    internal const int Hidden = TimeGap.Buckets;

    private readonly long[] _rows;
    private readonly long[] _kinds;
    private readonly long[] _gaps;
    private readonly long[] _pairs;
    private readonly int[] _padding;

    internal SequenceBatch(int count, int length)
    {
        (Count, Length) = (count, length);
        _rows = new long[count * length];
        _kinds = new long[count * length];
        _gaps = new long[count * length];
        _pairs = new long[count * length * length];
        _padding = new int[count];
    }

    /// <summary>B.</summary>
    internal int Count { get; }

    /// <summary>T.</summary>
    internal int Length { get; }

    /// <summary>Puts one window in its place; of a window longer than T the newest touches are taken.</summary>
    /// <param name="index">Which of the B windows.</param>
    /// <param name="touches">Oldest first.</param>
    /// <param name="fromStart">Whether nothing came before the first touch.</param>
    internal void Set(int index, ReadOnlySpan<Token> touches, bool fromStart = true)
    {
        var taken = touches.Length > Length ? touches[^Length..] : touches;
        var start = fromStart && taken.Length < Length ? 1 : 0;
        var first = Length - taken.Length - start;
        var at = index * Length;
        _padding[index] = first;

        if (start == 1)
        {
            // Kind 0 and no item: the one learned token that says "here it begins".
            (_rows[at + first], _kinds[at + first], _gaps[at + first]) = (Vocabulary.NoItemRow, 0, TimeGap.Unknown);
        }

        for (var i = 0; i < taken.Length; i++)
        {
            var token = at + first + start + i;
            _rows[token] = taken[i].Row;
            _kinds[token] = taken[i].Kind;
            _gaps[token] = i == 0 ? TimeGap.Unknown : TimeGap.Of(taken[i].Seconds - taken[i - 1].Seconds);
        }

        var pairs = _pairs.AsSpan(index * Length * Length, Length * Length);
        pairs.Fill(Hidden);
        for (var query = 0; query < Length; query++)
        {
            // Padding sees itself: a softmax over nothing is not a number.
            pairs[query * Length + query] = TimeGap.Unknown;
            for (var key = first; key < query; key++)
            {
                pairs[query * Length + key] = key < first + start
                    ? TimeGap.Unknown
                    : TimeGap.Of(taken[query - first - start].Seconds - taken[key - first - start].Seconds);
            }
        }
    }

    /// <summary>Gives every row another number.</summary>
    internal void Rename(Func<long, long> name)
    {
        for (var i = 0; i < _rows.Length; i++)
        {
            _rows[i] = name(_rows[i]);
        }
    }

    /// <summary>The batch as tensors: rows, kinds and gaps [B, T], pair buckets [B, T, T]; the caller's scope disposes them.</summary>
    internal (Tensor Rows, Tensor Kinds, Tensor Gaps, Tensor Pairs) ToTensors()
        => (tensor(_rows, [Count, Length]), tensor(_kinds, [Count, Length]), tensor(_gaps, [Count, Length]),
            tensor(_pairs, [Count, Length, Length]));

    /// <summary>
    /// The rows [B, T] with their padding moved behind them, for what reads from left to right and must begin with the first
    /// touch; and for each position of the batch [B · T], where it stands among them.
    /// </summary>
    internal (Tensor Rows, Tensor Places) ToPaddedBehind()
    {
        var (rows, places) = (new long[_rows.Length], new long[_rows.Length]);
        for (var position = 0; position < rows.Length; position++)
        {
            var (index, time) = Math.DivRem(position, Length);
            var place = index * Length + (time - _padding[index] + Length) % Length;
            (rows[place], places[position]) = (_rows[position], place);
        }

        return (tensor(rows, [Count, Length]), tensor(places));
    }
}
