using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation;

/// <summary>Writes down what comes of every slate of a run.</summary>
internal sealed class ShopRunTally
{
    private readonly SimulatedShop _shop;
    private readonly Dictionary<UserId, double[]> _shoppers = [];
    private readonly Dictionary<UserId, string> _sessions = [];
    private readonly int _stepLength;
    private readonly double[] _expected;
    private readonly double[] _best;
    private readonly int[] _views;
    private readonly long[] _shown;
    private readonly Narrowness _narrowness;
    private double _sameCategory;

    public ShopRunTally(SimulatedShop shop, ShopRunOptions options)
    {
        _shop = shop;
        _stepLength = Math.Max(1, (options.Decisions + options.Steps - 1) / options.Steps);
        var steps = (options.Decisions + _stepLength - 1) / _stepLength;
        (_expected, _best, _views) = (new double[steps], new double[steps], new int[steps]);
        _shown = new long[shop.Catalogue.Length];
        _narrowness = new Narrowness(shop.World.CategoryCount, shop.Habits.StrayIntent);
    }

    public int Decisions { get; private set; }

    public ShopRunResult Result() => new()
    {
        StepLength = _stepLength,
        Expected = _expected,
        Best = _best,
        Views = _views,
        ShopperSums = [.. _shoppers.Values],
        Exposure = Exposure.Of(_shown, _shop.Popularity, _sameCategory / Math.Max(1, Decisions)) with { Narrowness = _narrowness.Ratio() },
    };

    public void Add(PageView view, ImmutableArray<ItemId> slate, double expected, double best, double earned, ImmutableArray<Interaction> response)
    {
        var step = Decisions / _stepLength;
        _expected[step] += expected;
        _best[step] += best;
        _views[step]++;
        Decisions++;
        if (!_shoppers.TryGetValue(view.User, out var sums))
        {
            _shoppers[view.User] = sums = new double[ShopRunResult.Columns];
        }

        sums[ShopRunResult.PageViews]++;
        sums[ShopRunResult.ExpectedClicks] += expected;
        sums[ShopRunResult.BestClicks] += best;
        sums[ShopRunResult.Reward] += earned;
        foreach (var interaction in response)
        {
            sums[ShopRunResult.Clicks] += interaction.Kind is InteractionKind.SelectItem ? 1 : 0;
            sums[ShopRunResult.Money] += interaction.Kind is InteractionKind.Purchase ? interaction.Value ?? 0 : 0;
        }

        if (!_sessions.TryGetValue(view.User, out var session) || session != view.Session)
        {
            _sessions[view.User] = view.Session;
            sums[ShopRunResult.Sessions]++;
        }

        Span<int> categories = stackalloc int[slate.Length];
        for (var position = 0; position < slate.Length; position++)
        {
            var item = _shop.World.IndexOf(slate[position]);
            _shown[item]++;
            categories[position] = _shop.World.CategoryOf(item);
        }

        _sameCategory += PairsAlike(categories);
        _narrowness.Add(view.User.Value, _shop.TasteOf(view.User, view.At), categories);
    }

    private static double PairsAlike(ReadOnlySpan<int> categories)
    {
        var alike = 0;
        for (var one = 0; one < categories.Length; one++)
        {
            for (var other = one + 1; other < categories.Length; other++)
            {
                alike += categories[one] == categories[other] ? 1 : 0;
            }
        }

        return categories.Length < 2 ? 0 : alike / (categories.Length * (categories.Length - 1) / 2.0);
    }
}
