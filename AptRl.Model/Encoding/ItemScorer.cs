using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AptRl.Model.Encoding;

/// <summary>Finds the items that fit a state best among all of them, exactly.</summary>
/// <remarks>
/// Vectors lie in blocks of 16 items, number by number, so that 16 dot products grow side by side without a sum across
/// lanes. Each is one chain of fused multiply-adds in the order of the numbers: every machine gets the same bits.
/// </remarks>
internal sealed class ItemScorer
{
    private const int Lanes = 16;

    private readonly float[] _blocks;
    private readonly int _count;
    private readonly int _width;

    /// <param name="vectors">[N, D], row-major.</param>
    /// <param name="width">D</param>
    internal ItemScorer(ReadOnlySpan<float> vectors, int width)
    {
        (_count, _width) = (vectors.Length / width, width);
        _blocks = new float[(_count + Lanes - 1) / Lanes * Lanes * width];
        for (var item = 0; item < _count; item++)
        {
            for (var i = 0; i < width; i++)
            {
                _blocks[(item / Lanes * width + i) * Lanes + item % Lanes] = vectors[item * width + i];
            }
        }
    }

    /// <summary>Fills <paramref name="best"/> with the best items, best first, and of equals the lower index first; returns how many.</summary>
    internal int TopK(ReadOnlySpan<float> state, Span<(int Index, float Score)> best)
    {
        // Score and index in one number whose order is the order wanted, so that one comparison breaks ties too.
        var keys = best.Length <= 512 ? stackalloc ulong[best.Length] : new ulong[best.Length];
        var kept = 0;
        var worst = float.NegativeInfinity;
        Span<float> scores = stackalloc float[Lanes];
        for (var block = 0; block * Lanes < _count; block++)
        {
            var sums = Dot(state, block);
            var full = kept == best.Length;
            if (full && !Vector512.GreaterThanAny(sums, Vector512.Create(worst)))
            {
                continue;
            }

            sums.CopyTo(scores);
            var inBlock = Math.Min(Lanes, _count - block * Lanes);
            for (var lane = 0; lane < inBlock; lane++)
            {
                // A later item with the same score has the higher index: it stays out of a full list.
                if (float.IsNaN(scores[lane]) || (kept == best.Length && !(scores[lane] > worst)))
                {
                    continue;
                }

                kept = Insert(keys, kept, Key(scores[lane], block * Lanes + lane));
                worst = kept == best.Length && kept > 0 ? ScoreOf(keys[kept - 1]) : float.NegativeInfinity;
            }
        }

        for (var i = 0; i < kept; i++)
        {
            best[i] = ((int)(uint.MaxValue - (uint)keys[i]), ScoreOf(keys[i]));
        }

        return kept;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private Vector512<float> Dot(ReadOnlySpan<float> state, int block)
    {
        ref var numbers = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(_blocks), (nint)block * _width * Lanes);
        var sums = Vector512<float>.Zero;
        for (var i = 0; i < state.Length; i++)
        {
            sums = Vector512.FusedMultiplyAdd(
                Vector512.Create(state[i]), Vector512.LoadUnsafe(ref numbers, (nuint)(i * Lanes)), sums);
        }

        return sums;
    }

    private static int Insert(Span<ulong> keys, int kept, ulong key)
    {
        var (low, high) = (0, kept);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = keys[middle] > key ? (middle + 1, high) : (low, middle);
        }

        if (low == keys.Length)
        {
            return kept;
        }

        var moved = Math.Min(kept, keys.Length - 1) - low;
        keys.Slice(low, moved).CopyTo(keys[(low + 1)..]);
        keys[low] = key;
        return Math.Min(kept + 1, keys.Length);
    }

    private static ulong Key(float score, int index)
    {
        // Adding 0 makes -0 into 0: they are equal and must tie.
        var bits = BitConverter.SingleToUInt32Bits(score + 0f);
        var ordered = (bits & 0x80000000) == 0 ? bits | 0x80000000 : ~bits;
        return ((ulong)ordered << 32) | (uint.MaxValue - (uint)index);
    }

    private static float ScoreOf(ulong key)
    {
        var ordered = (uint)(key >> 32);
        return BitConverter.UInt32BitsToSingle((ordered & 0x80000000) != 0 ? ordered & 0x7fffffff : ~ordered);
    }
}
