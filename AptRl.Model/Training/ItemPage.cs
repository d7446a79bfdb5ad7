using AptRl.Model.Encoding;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>The rows of the item tables that one step needs: a step of Adam costs what it touches, however many items there are.</summary>
/// <remarks>
/// Adam moves a row at every step, by its running mean, also where the step's gradient is zero. A row that is not needed
/// puts that off and makes up for it when it is needed again. After k steps of sizes a₁ … aₖ without a gradient
/// its mean is β₁ᵏ·m, its square β₂ᵏ·v, and it has moved by m/(√v + ε) · Σᵢ aᵢ·(β₁/√β₂)ⁱ, so that the result is that of
/// dense Adam and not of a lazy one that leaves rows alone. Differences from dense Adam: rounding; ε, which weighs more as v shrinks,
/// counts as it stood at the last gradient; and the sum ends after 256 steps, where its terms are below 10⁻¹⁰.
/// </remarks>
internal sealed class ItemPage
{
    private const int StepsOwedMax = 256;
    private const int RowsSettledAtOnce = 8_192;

    private static readonly double Ratio = AdamSteps.First / Math.Sqrt(AdamSteps.Second);

    private readonly SequenceNetwork _network;
    private readonly AdamSteps.Moved[] _tables;
    private readonly AdamSteps _steps;
    private readonly int[] _places;
    private readonly int[] _through;
    private readonly List<int> _rows = [];
    private readonly List<double> _sizes = [];
    private readonly List<double> _owedInFull = [];
    private AdamSteps.Moved[] _parts = [];
    private Tensor[] _leaves = [];

    /// <summary>Takes the item tables of a network out of the dense steps.</summary>
    internal ItemPage(SequenceNetwork network, AdamSteps steps)
    {
        (_network, _steps) = (network, steps);
        _tables = [steps.LeaveOut("item_embedding.weight"), .. network.ItemBiasTable is null ? [] : (AdamSteps.Moved[])[steps.LeaveOut("item_bias")]];
        var rows = (int)network.ItemTable.shape[0];
        (_places, _through) = (new int[rows], new int[rows]);
        Array.Fill(_places, -1);
    }

    /// <summary>Puts the rows of a batch on the page and renames them, in the batch and among the negatives, by their places on it.</summary>
    internal void Turn(TrainingBatch batch, long[] negatives)
    {
        Clear();

        // Networks know these two by their numbers.
        PlaceOf(Vocabulary.PaddingRow);
        PlaceOf(Vocabulary.NoItemRow);
        batch.Rename(PlaceOf);
        for (var i = 0; i < negatives.Length; i++)
        {
            negatives[i] = PlaceOf(negatives[i]);
        }

        _parts = Load();
        _leaves = [.. _parts.Select(part => part.Weight.detach().requires_grad_(true))];
        _network.Page = new ItemRows(_leaves[0], _leaves.Length > 1 ? _leaves[1] : null);
    }

    /// <summary>Moves the rows on the page against their gradients; right after <see cref="AdamSteps.Take"/>.</summary>
    internal void Take()
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        _network.Page = null;
        for (var table = 0; table < _parts.Length; table++)
        {
            _steps.Move(_parts[table], _leaves[table].grad ?? zeros_like(_leaves[table]));
        }

        _sizes.Add(_steps.Size);
        _owedInFull.Add(double.NaN);
        Store(_parts);
    }

    /// <summary>Makes up for everything that was put off: until the next step, the tables are those of dense Adam.</summary>
    internal void Settle()
    {
        for (var from = 0; from < _places.Length; from += RowsSettledAtOnce)
        {
            using var scope = NewDisposeScope();
            using var untracked = no_grad();
            Clear();
            for (var row = from; row < Math.Min(from + RowsSettledAtOnce, _places.Length); row++)
            {
                PlaceOf(row);
            }

            Store(Load());
        }
    }

    private void Clear()
    {
        foreach (var row in _rows)
        {
            _places[row] = -1;
        }

        _rows.Clear();
    }

    private long PlaceOf(long row)
    {
        ref var place = ref _places[row];
        if (place < 0)
        {
            place = _rows.Count;
            _rows.Add((int)row);
        }

        return place;
    }

    /// <summary>The rows of the page as dense Adam would have them now.</summary>
    private AdamSteps.Moved[] Load()
    {
        using var untracked = no_grad();
        var count = _rows.Count;
        var (moves, means, squares) = (new float[count], new float[count], new float[count]);
        var owed = OwedLately();
        for (var place = 0; place < count; place++)
        {
            var steps = _sizes.Count - _through[_rows[place]];
            moves[place] = (float)(steps <= StepsOwedMax ? owed[steps] : OwedInFull(_through[_rows[place]]));
            (means[place], squares[place]) = ((float)Math.Pow(AdamSteps.First, steps), (float)Math.Pow(AdamSteps.Second, steps));
        }

        var index = Index();
        return Array.ConvertAll(_tables, table =>
        {
            var shape = table.Weight.dim() == 1 ? (long[])[count] : [count, 1];
            var (mean, square) = (table.Mean.index_select(0, index), table.Square.index_select(0, index));
            var weight = table.Weight.index_select(0, index)
                .Plus(mean.mul(tensor(moves, shape)).div(square.sqrt().PlusNumber(AdamSteps.Epsilon)));
            return new AdamSteps.Moved(weight, mean.mul(tensor(means, shape)), square.mul(tensor(squares, shape)));
        });
    }

    private void Store(AdamSteps.Moved[] parts)
    {
        var index = Index();
        for (var table = 0; table < parts.Length; table++)
        {
            _tables[table].Weight.index_copy_(0, index, parts[table].Weight);
            _tables[table].Mean.index_copy_(0, index, parts[table].Mean);
            _tables[table].Square.index_copy_(0, index, parts[table].Square);
        }

        foreach (var row in _rows)
        {
            _through[row] = _sizes.Count;
        }
    }

    private Tensor Index() => tensor([.. _rows.Select(row => (long)row)]);

    // The k-th number is Σᵢ aᵢ·ratioⁱ over the newest k steps.
    private double[] OwedLately()
    {
        var owed = new double[Math.Min(_sizes.Count, StepsOwedMax) + 1];
        for (var steps = 1; steps < owed.Length; steps++)
        {
            owed[steps] = Ratio * (_sizes[^steps] + owed[steps - 1]);
        }

        return owed;
    }

    private double OwedInFull(int since)
    {
        if (double.IsNaN(_owedInFull[since]))
        {
            var sum = 0d;
            for (var at = since + StepsOwedMax - 1; at >= since; at--)
            {
                sum = Ratio * (_sizes[at] + sum);
            }

            _owedInFull[since] = sum;
        }

        return _owedInFull[since];
    }
}
