namespace AptRl.Model.Retrieval;

/// <summary>The items touched near one item, with weights in whole units.</summary>
internal sealed class CoVisits(long step)
{
    private int[] _items = new int[4];
    private int[] _weights = new int[4];
    private int _count;

    public ReadOnlySpan<int> Items => _items.AsSpan(0, _count);

    public ReadOnlySpan<int> Weights => _weights.AsSpan(0, _count);

    public long Total { get; private set; }

    public long Step { get; private set; } = step;

    /// <summary>Halves all weights once for each step gone by; what comes to nothing is dropped.</summary>
    public void AdvanceTo(long step)
    {
        var halvings = step - Step;
        if (halvings <= 0)
        {
            return;
        }

        Step = step;
        for (var i = 0; i < _count; i++)
        {
            _weights[i] = halvings < 31 ? _weights[i] >> (int)halvings : 0;
        }

        Keep(weight => weight > 0);
    }

    /// <summary>Counts a co-visit; how many neighbours had to go for it.</summary>
    public int Add(int item, int weight, int max)
    {
        var at = Items.IndexOf(item);
        if (at >= 0)
        {
            Total -= _weights[at];
            _weights[at] = (int)Math.Min((long)_weights[at] + weight, int.MaxValue);
            Total += _weights[at];
            return 0;
        }

        if (_count == _items.Length)
        {
            Array.Resize(ref _items, Math.Min(2 * max, 2 * _count));
            Array.Resize(ref _weights, _items.Length);
        }

        (_items[_count], _weights[_count]) = (item, weight);
        _count++;
        Total += weight;
        return _count < 2 * max ? 0 : Cut(max);
    }

    // The heaviest stay, by item where weights are equal, so that it does not matter in what order they came.
    private int Cut(int max)
    {
        var before = _count;
        var order = new (int Weight, int Item)[_count];
        for (var i = 0; i < _count; i++)
        {
            order[i] = (-_weights[i], _items[i]);
        }

        Array.Sort(order);
        (_count, Total) = (max, 0);
        for (var i = 0; i < max; i++)
        {
            (_weights[i], _items[i]) = (-order[i].Weight, order[i].Item);
            Total += _weights[i];
        }

        return before - max;
    }

    private void Keep(Predicate<int> isKept)
    {
        var kept = 0;
        Total = 0;
        for (var i = 0; i < _count; i++)
        {
            if (isKept(_weights[i]))
            {
                (_items[kept], _weights[kept]) = (_items[i], _weights[i]);
                Total += _weights[kept++];
            }
        }

        _count = kept;
    }
}
