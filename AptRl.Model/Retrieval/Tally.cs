namespace AptRl.Model.Retrieval;

/// <summary>Sums by index, most of them zero: as quick to clear as it was to fill. Holds on to as much as its highest index.</summary>
internal sealed class Tally
{
    private float[] _sums = [];
    private int[] _indices = new int[64];
    private int _count;

    /// <summary>Where something was added, in the order of first addition.</summary>
    public ReadOnlySpan<int> Indices => _indices.AsSpan(0, _count);

    public float this[int index] => (uint)index < (uint)_sums.Length ? _sums[index] : 0;

    /// <summary>Makes room for indices below this.</summary>
    public void Reserve(int end)
    {
        if (_sums.Length < end)
        {
            Array.Resize(ref _sums, Math.Max(end, 2 * _sums.Length));
        }
    }

    /// <summary>Adds a positive amount; nothing else is noted.</summary>
    public void Add(int index, float amount)
    {
        if (!(amount > 0))
        {
            return;
        }

        ref var sum = ref _sums[index];
        if (sum == 0)
        {
            if (_count == _indices.Length)
            {
                Array.Resize(ref _indices, 2 * _count);
            }

            _indices[_count++] = index;
        }

        sum += amount;
    }

    /// <summary>Changes what is there by a positive factor.</summary>
    public void Scale(int index, float factor) => _sums[index] *= factor;

    public void Clear()
    {
        foreach (var index in Indices)
        {
            _sums[index] = 0;
        }

        _count = 0;
    }
}
