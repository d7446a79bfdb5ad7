using System.Collections.Immutable;
using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;

namespace AptRl.Model.Simulation;

/// <summary>What a simulated shop takes from real sessions. Everything else about it is assumed: docs/simulation.md says what.</summary>
/// <remarks>
/// Of the most viewed items: how often each was viewed; a direction for each, by matrix factorization of which session holds
/// which item (implicit ALS, <see cref="ImplicitAls"/>, vectors scaled to length 1); categories, by spherical k-means on the
/// directions (Dhillon and Modha 2001), as catalogues of public session sets have none; segments, the categories that stand in the same sessions
/// most, put together greedily; and how long sessions are.
/// </remarks>
public sealed class ShopFit
{
    /// <summary>Numbers in a direction.</summary>
    internal const int Width = 16;
    private const int CategoryCount = 20;
    private const int CategoriesPerSegment = 4;
    private const int Rounds = 20;

    private ShopFit(
        ImmutableArray<ItemId> items, double[] views, float[][] directions, float[][] categories, int[] categoryOf, int[][] segments,
        int sessions, double sessionLength)
    {
        (Items, Views, Directions, Categories, CategoryOf, Segments) = (items, views, directions, categories, categoryOf, segments);
        (Sessions, SessionLength) = (sessions, sessionLength);
    }

    /// <summary>The items, most viewed first.</summary>
    public ImmutableArray<ItemId> Items { get; }

    /// <summary>Sessions that it is fitted to.</summary>
    public int Sessions { get; }

    /// <summary>Mean views of a session.</summary>
    public double SessionLength { get; }

    /// <summary>
    /// Probability of one more view without us that makes a session as long as the real ones where every slate disappoints:
    /// such a session has 1/q turns when it ends after each with probability q, so 1 + x/q views for x = p/(1 - p) a turn.
    /// </summary>
    public double BrowseMore(double leaveAfterNone)
    {
        var views = (SessionLength - 1) * leaveAfterNone;
        return Math.Clamp(views / (1 + views), 0, 0.9);
    }

    internal double[] Views { get; }

    internal float[][] Directions { get; }

    internal float[][] Categories { get; }

    internal int[] CategoryOf { get; }

    internal int[][] Segments { get; }

    /// <summary>Fits.</summary>
    /// <param name="training">Sessions, of whatever source.</param>
    /// <param name="itemsMax">How many of the most viewed items the shop sells.</param>
    /// <param name="context">Seed, progress and cancellation.</param>
    /// <exception cref="InvalidDataException">There are too few items to make categories of.</exception>
    public static ShopFit To(TrainingPart training, int itemsMax, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var views = new int[training.Items.Length];
        foreach (var touch in training.Sequences.SelectMany(touches => touches).Where(touch => touch is { IsWanted: true, Item: >= 0 }))
        {
            views[touch.Item]++;
        }

        int[] kept = [.. Enumerable.Range(0, views.Length).Where(item => views[item] > 0)
            .OrderByDescending(item => views[item]).ThenBy(item => training.Items[item]).Take(itemsMax)];
        if (kept.Length < 2 * CategoryCount)
        {
            throw new InvalidDataException($"{kept.Length} items were viewed, a shop of {CategoryCount} categories needs {2 * CategoryCount}: give a larger data set");
        }

        var places = new int[views.Length];
        Array.Fill(places, IndexedTouch.NoItem);
        for (var place = 0; place < kept.Length; place++)
        {
            places[kept[place]] = place;
        }

        IndexedTouch[][] sessions = [.. training.Sequences
            .Select(touches => touches.Where(touch => touch is { IsWanted: true, Item: >= 0 } && places[touch.Item] >= 0)
                .Select(touch => touch with { Item = places[touch.Item] }).ToArray())
            .Where(touches => touches.Length > 0)];
        ImmutableArray<ItemId> items = [.. kept.Select(item => training.Items[item])];
        var vectors = ImplicitAls.ItemVectors(new TrainingPart(items, sessions, training.HoldOutRule), Width, context);
        float[][] directions = [.. vectors.Chunk(Width).Select(Latent.Normalised)];
        var (categories, categoryOf) = Grouped(directions, new Chance(context.Seed).Split("categories"));
        return new ShopFit(
            items, [.. kept.Select(item => (double)views[item])], directions, categories, categoryOf, Segmented(sessions, categoryOf),
            training.Sequences.Count, training.Sequences.Average(touches => (double)touches.Length));
    }

    private static (float[][] Categories, int[] CategoryOf) Grouped(float[][] directions, Chance chance)
    {
        // The first is drawn; each further one is the item that is least like all before it.
        var categories = new List<float[]> { directions[chance.Next(directions.Length)] };
        while (categories.Count < CategoryCount)
        {
            categories.Add(directions.MinBy(direction => categories.Max(category => FixedOrder.Dot<float>(category, direction)))!);
        }

        var categoryOf = new int[directions.Length];
        for (var round = 0; round < Rounds; round++)
        {
            for (var item = 0; item < categoryOf.Length; item++)
            {
                categoryOf[item] = Enumerable.Range(0, CategoryCount).MaxBy(category => FixedOrder.Dot<float>(categories[category], directions[item]));
            }

            for (var category = 0; category < CategoryCount; category++)
            {
                var sum = new float[Width];
                foreach (var item in Enumerable.Range(0, categoryOf.Length).Where(item => categoryOf[item] == category))
                {
                    System.Numerics.Tensors.TensorPrimitives.Add(sum, directions[item], sum);
                }

                categories[category] = FixedOrder.Length(sum) > 0 ? Latent.Normalised(sum) : categories[category];
            }
        }

        // A category that nothing is in could not be browsed: it gets the item that is nearest to it.
        for (var category = 0; category < CategoryCount; category++)
        {
            if (!categoryOf.Contains(category))
            {
                categoryOf[Enumerable.Range(0, directions.Length).Where(item => categoryOf.Count(other => other == categoryOf[item]) > 1)
                    .MaxBy(item => FixedOrder.Dot<float>(categories[category], directions[item]))] = category;
            }
        }

        return ([.. categories], categoryOf);
    }

    private static int[][] Segmented(IndexedTouch[][] sessions, int[] categoryOf)
    {
        var together = new double[CategoryCount, CategoryCount];
        foreach (var touches in sessions)
        {
            int[] met = [.. touches.Select(touch => categoryOf[touch.Item]).Distinct()];
            foreach (var (one, other) in met.SelectMany(one => met.Where(other => other != one).Select(other => (one, other))))
            {
                together[one, other]++;
            }
        }

        var left = Enumerable.Range(0, CategoryCount).ToList();
        var segments = new List<int[]>();
        while (left.Count > 0)
        {
            var segment = new List<int> { left[0] };
            left.RemoveAt(0);
            while (segment.Count < CategoriesPerSegment)
            {
                var next = left.MaxBy(category => segment.Sum(member => together[member, category]));
                segment.Add(next);
                left.Remove(next);
            }

            segments.Add([.. segment]);
        }

        return [.. segments];
    }
}
