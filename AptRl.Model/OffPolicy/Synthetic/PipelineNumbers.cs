namespace AptRl.Model.OffPolicy.Synthetic;

/// <summary>The numbers that the Open Bandit Pipeline draws, so that its worlds can be drawn again: NumPy's legacy generator.</summary>
/// <remarks>
/// Mersenne Twister MT19937 (Matsumoto and Nishimura 1998), seeded by one 32-bit number; doubles of 53 bits from two draws; normals
/// by the polar method (Marsaglia and Bray 1964), the second of a pair kept; a trial of probability p by inversion, above ½ that of
/// 1 - p turned round. Not a source of chance for anything else: that is <see cref="Events.Chance"/>.
/// </remarks>
internal sealed class PipelineNumbers : INumbers
{
    private const int Length = 624;
    private const int Shift = 397;

    private readonly uint[] _state = new uint[Length];
    private int _at = Length;
    private double? _kept;

    public PipelineNumbers(uint seed)
    {
        for (var i = 0; i < Length; i++)
        {
            _state[i] = seed;
            seed = 1_812_433_253 * (seed ^ (seed >> 30)) + (uint)i + 1;
        }
    }

    public double Uniform()
    {
        var (high, low) = (Next() >> 5, Next() >> 6);
        return (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0;
    }

    public double Normal()
    {
        if (_kept is { } kept)
        {
            _kept = null;
            return kept;
        }

        double x, y, square;
        do
        {
            (x, y) = (2 * Uniform() - 1, 2 * Uniform() - 1);
            square = x * x + y * y;
        }
        while (square is >= 1 or 0);

        var scale = Math.Sqrt(-2 * Math.Log(square) / square);
        _kept = scale * x;
        return scale * y;
    }

    public bool Happens(double probability) => probability <= 0.5 ? Succeeds(probability) : !Succeeds(1 - probability);

    private bool Succeeds(double probability) => Uniform() > 1 - probability;

    private uint Next()
    {
        if (_at == Length)
        {
            for (var i = 0; i < Length; i++)
            {
                var joined = (_state[i] & 0x80000000) | (_state[(i + 1) % Length] & 0x7fffffff);
                _state[i] = _state[(i + Shift) % Length] ^ (joined >> 1) ^ ((joined & 1) != 0 ? 0x9908b0df : 0);
            }

            _at = 0;
        }

        var word = _state[_at++];
        word ^= word >> 11;
        word ^= (word << 7) & 0x9d2c5680;
        word ^= (word << 15) & 0xefc60000;
        return word ^ (word >> 18);
    }
}
