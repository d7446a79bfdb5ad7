namespace AptRl.Model.Mixing;

/// <summary>The few smallest of many, in order.</summary>
internal static class PartialSort
{
    /// <summary>Puts the smallest in front, sorted; the rest is left in no order.</summary>
    internal static void Smallest<T>(Span<T> values, int count)
        where T : IComparable<T>
    {
        var (from, to) = (0, values.Length);
        count = Math.Min(count, values.Length);

        // Quickselect (Hoare 1961) until what is left is what is wanted.
        while (to - from > 16 && to > count)
        {
            var pivot = Median(values[from], values[(from + to) / 2], values[to - 1]);
            var (low, high) = (from, to - 1);
            while (low <= high)
            {
                while (values[low].CompareTo(pivot) < 0)
                {
                    low++;
                }

                while (values[high].CompareTo(pivot) > 0)
                {
                    high--;
                }

                if (low <= high)
                {
                    (values[low], values[high]) = (values[high], values[low]);
                    low++;
                    high--;
                }
            }

            if (count <= high + 1)
            {
                to = high + 1;
            }
            else if (count > low)
            {
                from = low;
            }
            else
            {
                break;
            }
        }

        values[..Math.Min(values.Length, Math.Max(to, count))].Sort();
    }

    private static T Median<T>(T a, T b, T c)
        where T : IComparable<T>
        => a.CompareTo(b) < 0
            ? (b.CompareTo(c) < 0 ? b : a.CompareTo(c) < 0 ? c : a)
            : (a.CompareTo(c) < 0 ? a : b.CompareTo(c) < 0 ? c : b);
}
