using System.Collections.Immutable;
using System.Globalization;
using System.Numerics.Tensors;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation;

/// <summary>What does not change in a simulated shop: its items, how popular they are, and what each shopper likes.</summary>
/// <remarks>
/// Items and tastes are directions in a latent space of <see cref="Width"/> dimensions. A category is a direction; its
/// items scatter around it. A shopper belongs to a segment that prefers four categories; popularity follows Zipf's law.
/// </remarks>
internal sealed class ShopWorld
{
    public const int CategoryCount = 20;
    public const int SegmentCount = 5;
    private const int CategoriesPerSegment = CategoryCount / SegmentCount;
    private const int Width = 8;
    private const double ZipfExponent = 0.7;

    private static readonly ImmutableArray<string> CategoryNames =
    [
        "coats", "dresses", "shirts", "trousers", "boots", "sandals", "sneakers", "bags", "lamps", "chairs",
        "tables", "rugs", "phones", "headphones", "cameras", "watches", "novels", "comics", "cookbooks", "atlases",
    ];

    private readonly float[][] _categories;
    private readonly float[][] _items;
    private readonly int[] _categoryOf;
    private readonly double[] _quality;
    private readonly int[][] _itemsOf;
    private readonly WeightedDraw _popular;
    private readonly WeightedDraw[] _popularOf;
    private readonly Dictionary<ItemId, int> _indices;
    private readonly Chance _chance;

    public ShopWorld(ulong seed, int itemCount)
    {
        _chance = new Chance(seed).Split("world");
        var directions = _chance.Split("categories");
        _categories = [.. Enumerable.Range(0, CategoryCount).Select(_ => Direction(ref directions))];

        var ranks = Shuffled(itemCount, _chance.Split("popularity"));
        _categoryOf = [.. Enumerable.Range(0, itemCount).Select(item => item % CategoryCount)];
        _itemsOf = [.. Enumerable.Range(0, CategoryCount).Select(category
            => Enumerable.Range(0, itemCount).Where(item => _categoryOf[item] == category).ToArray())];
        double[] popularity = [.. ranks.Select(rank => Math.Pow(rank + 1, -ZipfExponent))];
        _popular = new WeightedDraw(popularity);
        _popularOf = [.. _itemsOf.Select(items => new WeightedDraw(items.Select(item => popularity[item])))];
        _items = new float[itemCount][];
        _quality = new double[itemCount];
        var catalogue = ImmutableArray.CreateBuilder<Item>(itemCount);
        for (var item = 0; item < itemCount; item++)
        {
            var draw = _chance.Split("item").Split((ulong)item);
            _items[item] = Towards(_categories[_categoryOf[item]], 0.6, ref draw);
            _quality[item] = 0.45 * (Math.Log(itemCount) - 1 - Math.Log(ranks[item] + 1)) + 0.6 * draw.NextNormal();
            catalogue.Add(new Item(
                new ItemId(string.Create(CultureInfo.InvariantCulture, $"item-{item:000}")),
                Available: true,
                [CategoryNames[_categoryOf[item]]],
                Math.Round(Math.Exp(3 + 0.8 * draw.NextNormal()), 2)));
        }

        Catalogue = catalogue.MoveToImmutable();
        _indices = Catalogue.Select((item, index) => (item.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
    }

    public ImmutableArray<Item> Catalogue { get; }

    /// <summary>The item's row, or -1 where the shop does not sell it.</summary>
    public int IndexOf(ItemId item) => _indices.GetValueOrDefault(item, -1);

    /// <summary>What a shopper likes while its segment is <paramref name="segment"/>.</summary>
    public Taste TasteOf(int shopper, int segment)
    {
        var draw = _chance.Split("taste").Split((ulong)shopper);
        var weights = new double[CategoriesPerSegment];
        var vector = new float[Width];
        for (var i = 0; i < weights.Length; i++)
        {
            // Exponential weights, normalised, are uniform over all mixtures of the four categories.
            weights[i] = -Math.Log(1 - draw.NextDouble());
            TensorPrimitives.MultiplyAdd(_categories[segment * CategoriesPerSegment + i], (float)weights[i], vector, vector);
        }

        return new Taste(Towards(Normalised(vector), 0.4, ref draw), segment, new WeightedDraw(weights));
    }

    /// <summary>The category a session is about: nearly always one that the taste prefers.</summary>
    public static int DrawIntent(Taste taste, ref Chance chance)
    {
        var stray = chance.NextDouble() < 0.1;
        var category = chance.Next(CategoryCount);
        return stray ? category : taste.Segment * CategoriesPerSegment + taste.Categories.Draw(ref chance);
    }

    /// <summary>An item that a shopper comes across without us: of the session's category, or just popular.</summary>
    public int DrawItem(Taste taste, int intent, ref Chance chance)
    {
        var about = chance.NextDouble() < 0.8;
        var item = 0;
        for (var attempt = 0; attempt < 8; attempt++)
        {
            item = about ? _itemsOf[intent][_popularOf[intent].Draw(ref chance)] : _popular.Draw(ref chance);
            if (chance.NextDouble() < Math.Exp(2 * (TensorPrimitives.Dot(taste.Vector, _items[item]) - 1)))
            {
                break;
            }
        }

        return item;
    }

    /// <summary>Probability that an examined item is clicked by a shopper of this taste whose session is about this category.</summary>
    public double Attraction(Taste taste, int intent, int item, double satiation)
    {
        var logit = -5.5
            + 1.6 * TensorPrimitives.Dot(taste.Vector, _items[item])
            + 3.0 * TensorPrimitives.Dot(_categories[intent], _items[item])
            + 0.8 * _quality[item]
            - satiation;
        return 0.5 / (1 + Math.Exp(-logit));
    }

    private static int[] Shuffled(int count, Chance chance)
    {
        var order = Enumerable.Range(0, count).ToArray();
        for (var last = count - 1; last > 0; last--)
        {
            var other = chance.Next(last + 1);
            (order[last], order[other]) = (order[other], order[last]);
        }

        return order;
    }

    private static float[] Direction(ref Chance chance)
    {
        var vector = new float[Width];
        for (var i = 0; i < Width; i++)
        {
            vector[i] = (float)chance.NextNormal();
        }

        return Normalised(vector);
    }

    /// <summary>A direction near another: the noise has this length beside the other's 1.</summary>
    private static float[] Towards(float[] direction, double noise, ref Chance chance)
    {
        var vector = Direction(ref chance);
        TensorPrimitives.MultiplyAdd(vector, (float)noise, direction, vector);
        return Normalised(vector);
    }

    private static float[] Normalised(float[] vector)
    {
        TensorPrimitives.Divide(vector, TensorPrimitives.Norm<float>(vector), vector);
        return vector;
    }
}

/// <summary>What a shopper likes in the long run.</summary>
/// <param name="Vector">Direction in the latent space, of length 1.</param>
/// <param name="Segment">The segment whose categories it prefers.</param>
/// <param name="Categories">Draws one of the segment's categories by how much it counts.</param>
internal sealed record Taste(float[] Vector, int Segment, WeightedDraw Categories);
