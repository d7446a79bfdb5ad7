using System.Collections.Immutable;
using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Recommenders;

namespace AptRl.Model.Simulation.Shopkeepers;

/// <summary>Runs a recommender as a shop would: fitted again every so many page views to what shoppers did, and greedy on its scores.</summary>
/// <remarks>
/// It learns from touches, those that its own slates earned included, and never from what was shown and left alone. Memory is
/// bounded: of all touches the newest <see cref="RecipeShopkeeperOptions.TouchesMax"/> are fitted to, of a shopper the newest
/// ones are kept. An item that nothing is said of comes after all others, in the order of the catalogue.
/// </remarks>
public sealed class RecipeShopkeeper : IShopkeeper
{
    private readonly IRecipe _recipe;
    private readonly ImmutableArray<ItemId> _items;
    private readonly Dictionary<ItemId, int> _numbers;
    private readonly RecipeShopkeeperOptions _options;
    private readonly CancellationToken _cancellation;
    private readonly Queue<(string Sequence, IndexedTouch Touch)> _touches = new();
    private readonly Dictionary<UserId, (string Session, Queue<IndexedTouch> Touches)> _recent = [];
    private IRecommender? _recommender;
    private int _sinceFit;
    private int _fits;

    /// <summary>Takes what it shall fit.</summary>
    /// <param name="recipe">The algorithm.</param>
    /// <param name="catalogue">What may be shown.</param>
    /// <param name="options">How it is run.</param>
    /// <param name="cancellation">Stops a fit.</param>
    public RecipeShopkeeper(IRecipe recipe, ImmutableArray<Item> catalogue, RecipeShopkeeperOptions options, CancellationToken cancellation)
    {
        (_recipe, _options, _cancellation) = (recipe, options, cancellation);
        _items = [.. catalogue.Select(item => item.Id)];
        _numbers = _items.Select((item, number) => (item, number)).ToDictionary(pair => pair.item, pair => pair.number);
    }

    /// <inheritdoc/>
    public void Hear(Interaction interaction)
    {
        if (interaction.Items.IsEmpty || !LiveSessions.Takes(interaction.Kind) || !_numbers.TryGetValue(interaction.Items[0], out var item))
        {
            return;
        }

        var touch = new IndexedTouch(item, (byte)interaction.Kind, interaction.At.ToUnixTimeSeconds());
        var session = _options.AcrossSessions ? interaction.User.Value : interaction.Session ?? interaction.User.Value;
        if (!_recent.TryGetValue(interaction.User, out var recent) || recent.Session != session)
        {
            _recent[interaction.User] = recent = (session, new Queue<IndexedTouch>());
        }

        recent.Touches.Enqueue(touch);
        while (recent.Touches.Count > _options.Window)
        {
            recent.Touches.Dequeue();
        }

        _touches.Enqueue((session, touch));
        while (_touches.Count > _options.TouchesMax)
        {
            _touches.Dequeue();
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ShopSlate> Fill(IReadOnlyList<PageView> views, int count)
    {
        _recommender ??= Fit();
        var questions = new Question[views.Count];
        for (var i = 0; i < questions.Length; i++)
        {
            IndexedTouch[] history = _recent.TryGetValue(views[i].User, out var recent) ? [.. recent.Touches] : [];
            questions[i] = new Question(history, views[i].At.ToUnixTimeSeconds());
        }

        var scores = new float[questions.Length * _items.Length];
        _recommender.Score(questions, scores);
        _sinceFit += views.Count;
        return [.. views.Select((view, i) => new ShopSlate(
            view.RequestId, Best(questions[i].History.Span, scores.AsSpan(i * _items.Length, _items.Length), count)))];
    }

    /// <inheritdoc/>
    public void Learn()
    {
        if (_sinceFit >= _options.RefitEvery)
        {
            _recommender?.Dispose();
            _recommender = null;
            _sinceFit = 0;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _recommender?.Dispose();

    private IRecommender Fit()
    {
        IndexedTouch[][] sequences = [.. _touches.GroupBy(pair => pair.Sequence, pair => pair.Touch, StringComparer.Ordinal)
            .Select(touches => touches.ToArray()).OrderBy(touches => touches[^1].Seconds)];
        var training = new TrainingPart(_items, sequences, HoldOutRule.NewestTouches);
        return _recipe.Fit(training, trial: 0, new FitContext(_options.Seed + (ulong)_fits++, Quick: true, Progress: null, _cancellation));
    }

    private ImmutableArray<ItemId> Best(ReadOnlySpan<IndexedTouch> history, Span<float> scores, int count)
    {
        foreach (ref var score in scores)
        {
            score = float.IsFinite(score) ? score : -1e30f;
        }

        foreach (var touch in history)
        {
            if (_options.HideTouched || touch.Kind == (byte)InteractionKind.Purchase)
            {
                scores[touch.Item] = float.NegativeInfinity;
            }
        }

        var slate = ImmutableArray.CreateBuilder<ItemId>(count);
        foreach (var item in new BestItems(count).InOrder(scores))
        {
            slate.Add(_items[item]);
        }

        return slate.ToImmutable();
    }
}
