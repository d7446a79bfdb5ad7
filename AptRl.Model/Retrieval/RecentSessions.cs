namespace AptRl.Model.Retrieval;

/// <summary>The newest sessions that hold one item: a ring of session numbers, ascending.</summary>
internal sealed class RecentSessions(int max)
{
    private long[] _numbers = new long[Math.Min(4, max)];
    private int _first;

    public int Count { get; private set; }

    /// <summary>The number at this place, oldest first.</summary>
    public long this[int index] => _numbers[Slot(index)];

    /// <summary>Puts a session in its place by number; whether one had to go for it.</summary>
    /// <remarks>Open sessions come near the end, so the walk is short. Which numbers stay does not depend on the order they came in.</remarks>
    public bool Add(long number)
    {
        var isFull = Count == max;
        if (isFull)
        {
            if (number < this[0])
            {
                return true;
            }

            RemoveFirst();
        }
        else if (Count == _numbers.Length)
        {
            Grow();
        }

        var at = Count++;
        for (; at > 0 && this[at - 1] > number; at--)
        {
            _numbers[Slot(at)] = this[at - 1];
        }

        _numbers[Slot(at)] = number;
        return isFull;
    }

    /// <summary>Takes a session off that is forgotten. It is the oldest there is, so it stands first or nowhere.</summary>
    public void Forget(long number)
    {
        if (Count > 0 && this[0] == number)
        {
            RemoveFirst();
        }
    }

    private void RemoveFirst()
    {
        _first = Slot(1);
        Count--;
    }

    private void Grow()
    {
        var grown = new long[Math.Min(max, 2 * _numbers.Length)];
        for (var i = 0; i < Count; i++)
        {
            grown[i] = this[i];
        }

        (_numbers, _first) = (grown, 0);
    }

    private int Slot(int index)
    {
        var slot = _first + index;
        return slot < _numbers.Length ? slot : slot - _numbers.Length;
    }
}
