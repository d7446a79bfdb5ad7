using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation;

/// <summary>What one shopkeeper earned in one shop, kept so that it can be put together with others and resampled by shopper.</summary>
public sealed class ShopRunResult
{
    /// <summary>Sums kept of each shopper, in the order of <see cref="ShopperSums"/>.</summary>
    public const int Columns = 7;

    private readonly SimulatedShop _shop;
    private readonly ShopRunOptions _options;
    private readonly Dictionary<UserId, double[]> _shoppers = [];
    private readonly Dictionary<UserId, string> _sessions = [];
    private readonly double[] _expected;
    private readonly double[] _best;
    private readonly int[] _views;
    private readonly long[] _shown;
    private double _sameCategory;

    internal ShopRunResult(SimulatedShop shop, ShopRunOptions options)
    {
        (_shop, _options) = (shop, options);
        StepLength = Math.Max(1, (options.Decisions + options.Steps - 1) / options.Steps);
        var steps = (options.Decisions + StepLength - 1) / StepLength;
        (_expected, _best, _views) = (new double[steps], new double[steps], new int[steps]);
        _shown = new long[shop.Catalogue.Length];
    }

    /// <summary>Page views filled so far.</summary>
    public int Decisions { get; private set; }

    /// <summary>Page views in a step of the curves; the last may be shorter.</summary>
    public int StepLength { get; }

    /// <summary>Σ of the exact click probabilities of what was shown, step by step.</summary>
    public IReadOnlyList<double> Expected => _expected;

    /// <summary>The same of the best slates for the same page views.</summary>
    public IReadOnlyList<double> Best => _best;

    /// <summary>Page views of each step.</summary>
    public IReadOnlyList<int> Views => _views;

    /// <summary>How often each item was shown, by its place in the catalogue.</summary>
    public IReadOnlyList<long> Shown => _shown;

    /// <summary>Of each shopper: page views, exact click probability, best click probability, clicks, reward, sessions, money of purchases.</summary>
    public IEnumerable<IReadOnlyList<double>> ShopperSums => _shoppers.Values;

    /// <summary>Share of the pairs of items of a slate that are of one category, over all slates.</summary>
    public double SameCategory => Decisions == 0 ? 0 : _sameCategory / Decisions;

    /// <summary>How exposure was spread over the catalogue.</summary>
    public Exposure Exposure() => Simulation.Exposure.Of(_shown, _shop.Popularity, SameCategory);

    internal void Add(PageView view, ImmutableArray<ItemId> slate, double expected, double best, double earned, ImmutableArray<Interaction> response)
    {
        var step = Decisions / StepLength;
        _expected[step] += expected;
        _best[step] += best;
        _views[step]++;
        Decisions++;
        if (!_shoppers.TryGetValue(view.User, out var sums))
        {
            _shoppers[view.User] = sums = new double[Columns];
        }

        sums[0]++;
        sums[1] += expected;
        sums[2] += best;
        sums[4] += earned;
        foreach (var interaction in response)
        {
            sums[3] += interaction.Kind is InteractionKind.SelectItem ? 1 : 0;
            sums[6] += interaction.Kind is InteractionKind.Purchase ? interaction.Value ?? 0 : 0;
        }

        if (!_sessions.TryGetValue(view.User, out var session) || session != view.Session)
        {
            _sessions[view.User] = view.Session;
            sums[5]++;
        }

        Span<int> categories = stackalloc int[slate.Length];
        for (var position = 0; position < slate.Length; position++)
        {
            var item = _shop.World.IndexOf(slate[position]);
            _shown[item]++;
            categories[position] = _shop.World.CategoryOf(item);
        }

        _sameCategory += PairsAlike(categories);
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
