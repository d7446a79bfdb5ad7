using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>Which sequence holds which items, each once: the binary matrix of collaborative filtering, [S, N], both ways round.</summary>
/// <remarks>Of a longer sequence the newest <see cref="ItemsMax"/> different items count: pairs grow with the square.</remarks>
internal sealed class Incidence
{
    /// <summary>Items of one sequence.</summary>
    internal const int ItemsMax = 100;

    private readonly int[][] _items;
    private readonly int[][] _sequences;

    internal Incidence(TrainingPart training)
    {
        _items = [.. training.Sequences.Select(touches => RecentItems.Of(touches, ItemsMax).ToArray()).Where(items => items.Length > 0)];
        var counts = new int[training.Items.Length];
        foreach (var item in _items.SelectMany(items => items))
        {
            counts[item]++;
        }

        _sequences = [.. counts.Select(count => new int[count])];
        for (var sequence = 0; sequence < _items.Length; sequence++)
        {
            foreach (var item in _items[sequence])
            {
                _sequences[item][^counts[item]--] = sequence;
            }
        }
    }

    /// <summary>The items of each sequence, newest first.</summary>
    internal int[][] ItemsOf => _items;

    /// <summary>The sequences of each item, in their order.</summary>
    internal int[][] SequencesOf => _sequences;

    /// <summary>All pairs of a sequence and an item in it.</summary>
    internal int PairCount => _items.Sum(items => items.Length);

    /// <summary>In how many sequences the item stands beside each other one.</summary>
    /// <param name="item">One item.</param>
    /// <param name="scratch">[N] zeros, and zeros again afterwards.</param>
    /// <returns>The others in ascending order with their counts; the item itself is not among them.</returns>
    internal (int Item, int Count)[] Companions(int item, int[] scratch)
    {
        var found = new List<int>();
        foreach (var sequence in _sequences[item])
        {
            foreach (var other in _items[sequence])
            {
                if (other != item && scratch[other]++ == 0)
                {
                    found.Add(other);
                }
            }
        }

        found.Sort();
        var companions = new (int, int)[found.Count];
        for (var i = 0; i < companions.Length; i++)
        {
            companions[i] = (found[i], scratch[found[i]]);
            scratch[found[i]] = 0;
        }

        return companions;
    }
}
