using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using AptRl.Model.Encoding;
using Tensor = TorchSharp.torch.Tensor;

namespace AptRl.Model.Recommenders.Online;

/// <summary>An item table that grows, of which a network sees one page: the rows that a step or a question needs.</summary>
/// <remarks>
/// With the rows go their moments, so that a step of Adam over the page moves what it touches and nothing else (a lazy
/// Adam), and costs the same however many items there are. The first rows are those of the vocabulary that are no item,
/// then the items follow in the order in which they were met.
/// </remarks>
internal sealed class PagedItems
{
    private readonly int _width;
    private readonly int _firstItem;
    private readonly Dictionary<int, int> _places = [];
    private readonly List<int> _rows = [];
    private readonly Tensor[] _page;
    private readonly float[][] _table = [[], [], []];
    private float[] _units = [];

    /// <param name="specials">[rows, D]: the rows before the first item.</param>
    /// <param name="width">D</param>
    /// <param name="weights">[P, D]: the page, as the network has it.</param>
    /// <param name="mean">[P, D]: what Adam keeps of the mean of its gradients.</param>
    /// <param name="square">[P, D]: and of their squares.</param>
    internal PagedItems(ReadOnlySpan<float> specials, int width, Tensor weights, Tensor mean, Tensor square)
    {
        (_width, _firstItem, _page) = (width, specials.Length / width, [weights, mean, square]);
        Reserve(_firstItem);
        specials.CopyTo(_table[0]);
        Clear();
    }

    /// <summary>Items that have a row.</summary>
    internal int Count { get; private set; }

    /// <summary>The row of an item.</summary>
    internal int RowOf(int item) => _firstItem + item;

    /// <summary>Gives the next item a row.</summary>
    /// <param name="vector">[D]</param>
    internal void Add(ReadOnlySpan<float> vector)
    {
        Reserve(_firstItem + Count + 1);
        Put(Count++, vector);
    }

    /// <summary>An item's vector, of length 1.</summary>
    internal ReadOnlySpan<float> Unit(int item) => Row(_units, item);

    /// <summary>Gives an item another vector.</summary>
    internal void Put(int item, ReadOnlySpan<float> vector)
    {
        vector.CopyTo(_table[0].AsSpan(RowOf(item) * _width, _width));
        Renew(RowOf(item));
    }

    /// <summary>Products of a vector with every item's.</summary>
    /// <param name="state">[D]</param>
    /// <param name="scale">Each product is multiplied by it.</param>
    /// <param name="scores">[N]; an item without a row gets -∞.</param>
    internal void Score(ReadOnlySpan<float> state, float scale, Span<float> scores)
    {
        for (var item = 0; item < Math.Min(Count, scores.Length); item++)
        {
            scores[item] = scale * TensorPrimitives.Dot(state, Row(_units, item));
        }

        if (scores.Length > Count)
        {
            scores[Count..].Fill(float.NegativeInfinity);
        }
    }

    /// <summary>Empties the page but for padding and "no item", which stand at their own rows.</summary>
    internal void Clear()
    {
        _places.Clear();
        _rows.Clear();
        PlaceOf(Vocabulary.PaddingRow);
        PlaceOf(Vocabulary.NoItemRow);
    }

    /// <summary>Puts a row on the page, once, and says where it stands.</summary>
    internal int PlaceOf(int row)
    {
        if (!_places.TryGetValue(row, out var place))
        {
            _places.Add(row, place = _rows.Count);
            _rows.Add(row);
        }

        return place;
    }

    /// <summary>Writes the rows into the network's page.</summary>
    internal void Load()
    {
        for (var part = 0; part < _page.Length; part++)
        {
            var page = Numbers(_page[part]);
            for (var place = 0; place < _rows.Count; place++)
            {
                _table[part].AsSpan(_rows[place] * _width, _width).CopyTo(page[(place * _width)..]);
            }
        }
    }

    /// <summary>Takes the rows back after a step.</summary>
    internal void Store()
    {
        for (var part = 0; part < _page.Length; part++)
        {
            var page = Numbers(_page[part]);
            for (var place = 0; place < _rows.Count; place++)
            {
                page.Slice(place * _width, _width).CopyTo(_table[part].AsSpan(_rows[place] * _width));
            }
        }

        foreach (var row in _rows)
        {
            Renew(row);
        }
    }

    private static Span<float> Numbers(Tensor page) => MemoryMarshal.Cast<byte, float>(page.bytes);

    private ReadOnlySpan<float> Row(float[] numbers, int item) => numbers.AsSpan(RowOf(item) * _width, _width);

    private void Renew(int row)
    {
        var numbers = _table[0].AsSpan(row * _width, _width);
        TensorPrimitives.Divide(numbers, Math.Max(TensorPrimitives.Norm(numbers), 1e-12f), _units.AsSpan(row * _width, _width));
    }

    private void Reserve(int rows)
    {
        if (rows * _width > _units.Length)
        {
            var length = Math.Max(rows * _width, 2 * _units.Length);
            Array.Resize(ref _units, length);
            for (var part = 0; part < _table.Length; part++)
            {
                Array.Resize(ref _table[part], length);
            }
        }
    }
}
