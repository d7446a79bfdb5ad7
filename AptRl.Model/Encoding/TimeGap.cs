using System.Numerics;

namespace AptRl.Model.Encoding;

/// <summary>Time between two touches as one of 16 buckets, even in the logarithm of seconds, up to about 200 days.</summary>
internal static class TimeGap
{
    /// <summary>Buckets, the one for "unknown" counted.</summary>
    internal const int Buckets = 16;

    /// <summary>The bucket where there is no earlier touch to measure from.</summary>
    internal const int Unknown = 0;

    /// <summary>The bucket of a gap; a negative one counts as none.</summary>
    /// <remarks>1 + ⌊3/5·⌊log₂(1 + seconds)⌋⌋, in integers, so that every machine agrees at the boundaries.</remarks>
    internal static int Of(long seconds)
        => 1 + Math.Min(Buckets - 2, BitOperations.Log2((ulong)Math.Max(0, seconds) + 1) * 3 / 5);
}
