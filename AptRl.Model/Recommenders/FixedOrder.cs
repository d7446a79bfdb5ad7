using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace AptRl.Model.Recommenders;

/// <summary>Sums in one order, so that the same numbers give the same bits wherever they lie in memory.</summary>
/// <remarks>
/// TensorPrimitives 10.0 starts a long sum at an aligned address: two arrays with the same content may differ in the last
/// bit, and after a thousand steps of learning in more than that.
/// </remarks>
internal static class FixedOrder
{
    /// <summary>Σ left·right over the length of <paramref name="left"/>.</summary>
    internal static T Dot<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right)
        where T : struct, INumber<T>
    {
        ref var ofLeft = ref MemoryMarshal.GetReference(left);
        ref var ofRight = ref MemoryMarshal.GetReference(right[..left.Length]);
        var (even, odd) = (Vector512<T>.Zero, Vector512<T>.Zero);
        var (lanes, at) = (Vector512<T>.Count, 0);
        for (; at <= left.Length - 2 * lanes; at += 2 * lanes)
        {
            even += Vector512.LoadUnsafe(ref ofLeft, (nuint)at) * Vector512.LoadUnsafe(ref ofRight, (nuint)at);
            odd += Vector512.LoadUnsafe(ref ofLeft, (nuint)(at + lanes)) * Vector512.LoadUnsafe(ref ofRight, (nuint)(at + lanes));
        }

        if (at <= left.Length - lanes)
        {
            even += Vector512.LoadUnsafe(ref ofLeft, (nuint)at) * Vector512.LoadUnsafe(ref ofRight, (nuint)at);
            at += lanes;
        }

        var sum = Vector512.Sum(even + odd);
        for (; at < left.Length; at++)
        {
            sum += left[at] * right[at];
        }

        return sum;
    }

    /// <summary>Σ numbers.</summary>
    internal static float Sum(ReadOnlySpan<float> numbers)
    {
        var sum = 0f;
        foreach (var number in numbers)
        {
            sum += number;
        }

        return sum;
    }

    /// <summary>√Σ numbers².</summary>
    internal static float Length(ReadOnlySpan<float> numbers) => MathF.Sqrt(Dot(numbers, numbers));
}
