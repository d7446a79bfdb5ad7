using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation.Shopkeepers;

/// <summary>Knows the shop's truth but for one thing that nobody can know, what a session is about, and infers it: what a learner could reach at best.</summary>
/// <remarks>
/// The oracle reads the shopper's mind. This one has a <see cref="SessionBelief"/> and fills a slate position by position with the
/// item that adds most to the probability of a click, over all that the session may be about (the greedy rule for a submodular
/// sum, Nemhauser et al. 1978: near the best slate, not always the best).
/// </remarks>
public sealed class InformedShopkeeper : IShopkeeper
{
    // A category less likely than this changes no slate, and costs as much as a likely one.
    private const double ShareMin = 0.01;

    private readonly SimulatedShop _shop;
    private readonly Dictionary<UserId, (string Session, SessionBelief Belief)> _beliefs = [];
    private readonly Dictionary<UserId, Shown> _open = [];

    /// <summary>Takes the shop that it will serve.</summary>
    public InformedShopkeeper(SimulatedShop shop) => _shop = shop;

    /// <inheritdoc/>
    public void Hear(Interaction interaction)
    {
        ArgumentNullException.ThrowIfNull(interaction);
        if (interaction.RecommendationId is null
            && interaction is { Kind: InteractionKind.ViewItem or InteractionKind.SelectItem, Session: { } session, Items: [var item, ..] })
        {
            BeliefOf(interaction.User, session, interaction.At).Saw(_shop.World.IndexOf(item));
        }
        else if (interaction is { RecommendationId: not null, Kind: InteractionKind.SelectItem, Position: { } position }
            && _open.Remove(interaction.User, out var shown))
        {
            Responded(shown, position);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<ShopSlate> Fill(IReadOnlyList<PageView> views, int count) => [.. views.Select(view => Slate(view, count))];

    /// <summary>Whoever clicked nothing of the last batch is known by now.</summary>
    public void Learn()
    {
        foreach (var shown in _open.Values)
        {
            Responded(shown, position: -1);
        }

        _open.Clear();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private SessionBelief BeliefOf(UserId user, string session, DateTimeOffset at)
    {
        if (!_beliefs.TryGetValue(user, out var known) || known.Session != session)
        {
            _beliefs[user] = known = (session, new SessionBelief(_shop.World, _shop.TasteOf(user, at), _shop.Habits.StrayIntent));
        }

        return known.Belief;
    }

    private ShopSlate Slate(PageView view, int count)
    {
        var belief = BeliefOf(view.User, view.Session, view.At);
        var categories = Enumerable.Range(0, _shop.World.CategoryCount).Where(category => belief.Shares[category] >= ShareMin).ToArray();
        var attractions = new double[_shop.World.CategoryCount][];
        foreach (var category in categories)
        {
            attractions[category] = _shop.AttractionsIn(view, category);
        }

        var left = belief.Shares.ToArray();
        var slate = new List<int>(count);
        for (var position = 0; position < Math.Min(count, _shop.Catalogue.Length); position++)
        {
            var best = (Item: -1, Gain: double.NegativeInfinity);
            for (var item = 0; item < _shop.Catalogue.Length; item++)
            {
                var gain = 0.0;
                foreach (var category in categories)
                {
                    gain += left[category] * attractions[category][item];
                }

                best = gain > best.Gain && !slate.Contains(item) ? (item, gain) : best;
            }

            slate.Add(best.Item);
            foreach (var category in categories)
            {
                left[category] *= 1 - SimulatedShop.ExaminationProbability(position) * attractions[category][best.Item];
            }
        }

        // What is kept is what the response will be weighed by: the attractions of what was shown, for each category.
        var shown = new double[_shop.World.CategoryCount][];
        foreach (var category in categories)
        {
            shown[category] = [.. slate.Select(item => attractions[category][item])];
        }

        _open[view.User] = new Shown(belief, [.. slate], shown);
        return new ShopSlate(view.RequestId, [.. slate.Select(item => _shop.Catalogue[item].Id)]);
    }

    private void Responded(Shown shown, int position)
    {
        var likelihoods = new double[shown.Attractions.Length];
        for (var category = 0; category < likelihoods.Length; category++)
        {
            if (shown.Attractions[category] is not { } attractions)
            {
                continue;
            }

            var likelihood = 1.0;
            for (var at = 0; at < (position < 0 ? attractions.Length : position); at++)
            {
                likelihood *= 1 - SimulatedShop.ExaminationProbability(at) * attractions[at];
            }

            likelihoods[category] = position < 0 ? likelihood : likelihood * SimulatedShop.ExaminationProbability(position) * attractions[position];
        }

        shown.Belief.Responded(likelihoods, position < 0 ? -1 : shown.Items[position], _shop.Habits.FollowClick);
    }

    private sealed record Shown(SessionBelief Belief, ImmutableArray<int> Items, double[]?[] Attractions);
}
