namespace AptRl.Model.Events;

/// <summary>All randomness of the product: a counter-based generator, so that a draw depends on its key alone.</summary>
/// <remarks>
/// SplitMix64 (Steele, Lea and Flood 2014) used as a counter-based generator: draw n under key k is mix(k + (n+1)·φ),
/// whoever asks, in whatever order. A value type: <c>Split</c> makes an independent stream by name.
/// </remarks>
public struct Chance
{
    private const ulong Golden = 0x9E3779B97F4A7C15;

    private readonly ulong _key;
    private ulong _counter;

    /// <summary>A stream under this key, at its start.</summary>
    public Chance(ulong key) => _key = Mix(key ^ 0xD1B54A32D192ED03);

    /// <summary>Another stream, the same for the same name, that does not move this one.</summary>
    public readonly Chance Split(ReadOnlySpan<char> name) => new(_key ^ Mix(StableHash.Of(name)));

    /// <summary>Another stream, the same for the same number, that does not move this one.</summary>
    public readonly Chance Split(ulong number) => new(_key ^ Mix(number + Golden));

    /// <summary>64 random bits.</summary>
    public ulong NextBits() => Mix(_key + ++_counter * Golden);

    /// <summary>Uniform in [0, 1), a multiple of 2⁻⁵³.</summary>
    public double NextDouble() => (NextBits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in {0, …, <paramref name="count"/> - 1}; bias below 2⁻³².</summary>
    public int Next(int count) => (int)(((UInt128)NextBits() * (ulong)count) >> 64);

    /// <summary>Standard normal, by Box and Muller 1958.</summary>
    public double NextNormal()
        => Math.Sqrt(-2 * Math.Log(1 - NextDouble())) * Math.Cos(2 * Math.PI * NextDouble());

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
