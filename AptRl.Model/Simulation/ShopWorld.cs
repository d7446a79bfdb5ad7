using System.Collections.Immutable;
using System.Numerics.Tensors;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation;

/// <summary>What does not change in a simulated shop: its items, how popular they are, and what each shopper likes.</summary>
/// <remarks>
/// Items and tastes are directions in a latent space. A category is a direction; its items scatter around it. A shopper
/// belongs to a segment that prefers a few categories. <see cref="DrawnWorld"/> draws one, <see cref="FittedWorld"/> takes
/// items, popularity and categories from real sessions.
/// </remarks>
internal sealed class ShopWorld
{
    internal const double Intercept = -5.5;
    internal const double TasteWeight = 1.6;
    internal const double IntentWeight = 3.0;
    internal const double QualityWeight = 0.8;

    // A click takes a look, and some looks are not at the item: nothing is clicked more than every other time it is looked at.
    internal const double AttractionMax = 0.5;

    // What a shopper comes across without us is of the session's category so often; otherwise it is just popular.
    internal const double AboutIntent = 0.8;

    private readonly float[][] _categories;
    private readonly int[][] _segments;
    private readonly int[] _categoryOf;
    private readonly int[][] _itemsOf;
    private readonly WeightedDraw _popular;
    private readonly WeightedDraw[] _popularOf;
    private readonly double[] _popularityOf;
    private readonly Dictionary<ItemId, int> _indices;
    private readonly Chance _chance;

    // [D][N], so that the products of one taste with all items are D passes over N numbers that lie side by side.
    private readonly float[][] _columns;

    // [intent][N]: what does not hang on the shopper, in the fashion of before and after the drift.
    private readonly float[][] _before;
    private readonly float[][] _after;

    /// <param name="catalogue">N items.</param>
    /// <param name="categories">Direction of each category.</param>
    /// <param name="segments">The categories that each segment prefers.</param>
    /// <param name="items">Direction of each item.</param>
    /// <param name="categoryOf">Category of each item.</param>
    /// <param name="popularity">How often each is come across without us, up to a factor.</param>
    /// <param name="quality">What each is worth to everybody.</param>
    /// <param name="qualityAfter">The same once fashion has moved.</param>
    /// <param name="chance">Key of tastes.</param>
    public ShopWorld(
        ImmutableArray<Item> catalogue, float[][] categories, int[][] segments, float[][] items, int[] categoryOf,
        double[] popularity, double[] quality, double[] qualityAfter, Chance chance)
    {
        (Catalogue, _categories, _segments, _categoryOf, _chance, Popularity) = (catalogue, categories, segments, categoryOf, chance, popularity);
        _itemsOf = [.. Enumerable.Range(0, categories.Length).Select(category
            => Enumerable.Range(0, items.Length).Where(item => categoryOf[item] == category).ToArray())];
        _popularityOf = [.. _itemsOf.Select(its => its.Sum(item => popularity[item]))];
        PopularityOfAll = popularity.Sum();
        _popular = new WeightedDraw(popularity);
        _popularOf = [.. _itemsOf.Select(its => new WeightedDraw(its.Select(item => popularity[item])))];
        _indices = Catalogue.Select((item, index) => (item.Id, index)).ToDictionary(pair => pair.Id, pair => pair.index);
        _columns = [.. Enumerable.Range(0, categories[0].Length).Select(d => items.Select(item => item[d]).ToArray())];
        double[] prices = [.. Catalogue.Select(item => item.Price ?? 1).Order()];
        TypicalPrice = prices[prices.Length / 2];
        (_before, _after) = (Bases(quality), Bases(qualityAfter));

        float[][] Bases(double[] worth) => [.. categories.Select(category => items.Select((item, i) => (float)(
            Intercept + IntentWeight * TensorPrimitives.Dot<float>(category, item) + QualityWeight * worth[i])).ToArray())];
    }

    public ImmutableArray<Item> Catalogue { get; }

    /// <summary>How often each item is come across without us, up to a factor.</summary>
    public double[] Popularity { get; }

    /// <summary>Popularity of all items of a category.</summary>
    public double PopularityOf(int category) => _popularityOf[category];

    /// <summary>Popularity of all items.</summary>
    public double PopularityOfAll { get; }

    /// <summary>Length of the noise that tastes have beside the categories that they prefer.</summary>
    public double TasteNoise { get; init; } = 0.4;

    public int CategoryCount => _categories.Length;

    public int SegmentCount => _segments.Length;

    /// <summary>The price that half of the items are above.</summary>
    public double TypicalPrice { get; }

    /// <summary>The item's row, or -1 where the shop does not sell it.</summary>
    public int IndexOf(ItemId item) => _indices.GetValueOrDefault(item, -1);

    public int CategoryOf(int item) => _categoryOf[item];

    /// <summary>What a shopper likes while its segment is <paramref name="segment"/>.</summary>
    public Taste TasteOf(int shopper, int segment)
    {
        var draw = _chance.Split("taste").Split((ulong)shopper);
        var liked = _segments[segment];
        var weights = new double[liked.Length];
        var vector = new float[_columns.Length];
        for (var i = 0; i < weights.Length; i++)
        {
            // Exponential weights, normalised, are uniform over all mixtures of the categories.
            weights[i] = -Math.Log(1 - draw.NextDouble());
            TensorPrimitives.MultiplyAdd(_categories[liked[i]], (float)weights[i], vector, vector);
        }

        return new Taste(Latent.Towards(Latent.Normalised(vector), TasteNoise, ref draw), liked, new WeightedDraw(weights));
    }

    /// <summary>The category a session is about: nearly always one that the taste prefers.</summary>
    public int DrawIntent(Taste taste, double stray, ref Chance chance)
    {
        var any = chance.NextDouble() < stray;
        var category = chance.Next(_categories.Length);
        return any ? category : taste.Liked[taste.Weights.Draw(ref chance)];
    }

    /// <summary>An item that a shopper comes across without us: of the session's category, or just popular.</summary>
    public int DrawItem(Taste taste, int intent, ref Chance chance)
    {
        var about = chance.NextDouble() < AboutIntent;
        var item = 0;
        for (var attempt = 0; attempt < 8; attempt++)
        {
            item = about ? _itemsOf[intent][_popularOf[intent].Draw(ref chance)] : _popular.Draw(ref chance);
            if (chance.NextDouble() < Math.Exp(2 * (Likes(taste, item) - 1)))
            {
                break;
            }
        }

        return item;
    }

    /// <summary>Logit of one item, before it is tired of.</summary>
    public float Logit(Taste taste, int intent, bool fashionMoved, int item)
    {
        var logit = (fashionMoved ? _after : _before)[intent][item];
        for (var d = 0; d < _columns.Length; d++)
        {
            logit = _columns[d][item] * ((float)TasteWeight * taste.Vector[d]) + logit;
        }

        return logit;
    }

    /// <summary>The same for all items, to the bit: [N].</summary>
    public void Logits(Taste taste, int intent, bool fashionMoved, Span<float> logits)
    {
        (fashionMoved ? _after : _before)[intent].CopyTo(logits);
        for (var d = 0; d < _columns.Length; d++)
        {
            TensorPrimitives.MultiplyAdd(_columns[d], (float)TasteWeight * taste.Vector[d], logits, logits);
        }
    }

    /// <summary>Probability that an examined item is clicked.</summary>
    public static double Attraction(double logit) => AttractionMax / (1 + Math.Exp(-logit));

    private float Likes(Taste taste, int item)
    {
        var product = 0f;
        for (var d = 0; d < _columns.Length; d++)
        {
            product += taste.Vector[d] * _columns[d][item];
        }

        return product;
    }
}
