namespace AptRl.Model.Policies;

/// <summary>At most so many of one group in a slate: which candidates may stand at the next position.</summary>
/// <param name="groups">Group of each candidate from 1; 0 for one of no group. Empty where nothing is bounded.</param>
/// <param name="max">Candidates of one group at most.</param>
public readonly ref struct GroupBound(ReadOnlySpan<int> groups, int max)
{
    private readonly ReadOnlySpan<int> _groups = groups;
    private readonly int _max = max;

    /// <summary>Whether anything is bounded.</summary>
    public bool IsBound => !_groups.IsEmpty && _max > 0;

    /// <summary>Marks which candidates may come next. Where the bound would leave none, all that do not stand above may.</summary>
    /// <param name="shown">Whether a candidate stands above.</param>
    /// <param name="allowed">Whether it may come next.</param>
    public void Fill(ReadOnlySpan<bool> shown, Span<bool> allowed)
    {
        var any = false;
        for (var i = 0; i < shown.Length; i++)
        {
            allowed[i] = !shown[i] && (!IsBound || _groups[i] == 0 || CountOf(_groups[i], shown) < _max);
            any |= allowed[i];
        }

        for (var i = 0; i < shown.Length && !any; i++)
        {
            allowed[i] = !shown[i];
        }
    }

    private int CountOf(int group, ReadOnlySpan<bool> shown)
    {
        var count = 0;
        for (var i = 0; i < shown.Length; i++)
        {
            count += shown[i] && _groups[i] == group ? 1 : 0;
        }

        return count;
    }
}
