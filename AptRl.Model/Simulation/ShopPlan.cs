using AptRl.Model.Events;
using AptRl.Model.Recommenders;

namespace AptRl.Model.Simulation;

/// <summary>What the rest of a session is worth, in clicks, and the slates that make most of it, by the shop's truth.</summary>
/// <remarks>
/// A session is a Markov decision process over what it is about, c. With aᵢ(c) the attraction of item i, qₖ the probability
/// that the click falls on position k, l and m the probabilities of leaving after a click and after none, and f that a
/// click moves the session to the item's category c(i):
/// V(c) = max over slates Σₖ qₖ·[1 + (1 - l)(f·V(c(iₖ)) + (1 - f)·V(c))] + (1 - Σₖ qₖ)(1 - m)·V(c), solved by value
/// iteration (Bellman 1957). A slate is filled by aᵢ times what a click on i gains over none, which is the maximum for one
/// position and a good slate for more; its own value is exact. Not in it: that a seen item attracts less.
/// </remarks>
internal sealed class ShopPlan(ShopWorld world, ShopperOptions habits)
{
    private const int SweepsMax = 200;
    private const double Enough = 1e-6;

    private readonly Dictionary<UserId, (Taste Taste, bool Moved, double[] Values)> _known = [];

    /// <summary>V of every category for this shopper.</summary>
    public double[] Values(UserId user, Taste taste, bool fashionMoved, int count)
    {
        if (!_known.TryGetValue(user, out var known) || known.Taste != taste || known.Moved != fashionMoved)
        {
            _known[user] = known = (taste, fashionMoved, Solve(taste, fashionMoved, count));
        }

        return known.Values;
    }

    /// <summary>V where slates are chosen so that the rest of the session is worth most.</summary>
    public double[] Solve(Taste taste, bool fashionMoved, int count) => Solve(taste, fashionMoved, count, farSighted: true);

    /// <summary>V of showing what is most likely to be clicked now.</summary>
    public double[] SolveGreedy(Taste taste, bool fashionMoved, int count) => Solve(taste, fashionMoved, count, farSighted: false);

    /// <summary>The slate that makes most of the rest of the session, given what the categories are worth.</summary>
    public int[] Slate(ReadOnlySpan<float> logits, int intent, double[] values, int count)
    {
        var gains = new float[logits.Length];
        var perCategory = new double[world.CategoryCount];
        for (var category = 0; category < perCategory.Length; category++)
        {
            perCategory[category] = OfClick(category, intent, values) - OfNone(intent, values);
        }

        for (var item = 0; item < gains.Length; item++)
        {
            gains[item] = (float)(ShopWorld.Attraction(logits[item]) * perCategory[world.CategoryOf(item)]);
        }

        return new BestItems(count).InOrder(gains).ToArray();
    }

    private double[] Solve(Taste taste, bool fashionMoved, int count, bool farSighted)
    {
        var logits = new float[world.CategoryCount][];
        for (var intent = 0; intent < logits.Length; intent++)
        {
            world.Logits(taste, intent, fashionMoved, logits[intent] = new float[world.Catalogue.Length]);
        }

        var values = new double[world.CategoryCount];
        for (var (sweep, change) = (0, double.PositiveInfinity); sweep < SweepsMax && change > Enough; sweep++)
        {
            change = 0;
            for (var intent = 0; intent < values.Length; intent++)
            {
                var slate = farSighted ? Slate(logits[intent], intent, values, count) : new BestItems(count).InOrder(logits[intent]).ToArray();
                var value = Worth(slate, logits[intent], intent, values);
                change = Math.Max(change, Math.Abs(value - values[intent]));
                values[intent] = value;
            }
        }

        return values;
    }

    private double Worth(int[] slate, float[] logits, int intent, double[] values)
    {
        var (reached, worth) = (1.0, 0.0);
        for (var position = 0; position < slate.Length; position++)
        {
            var click = reached * SimulatedShop.ExaminationProbability(position) * ShopWorld.Attraction(logits[slate[position]]);
            worth += click * OfClick(world.CategoryOf(slate[position]), intent, values);
            reached -= click;
        }

        return worth + reached * OfNone(intent, values);
    }

    private double OfClick(int category, int intent, double[] values)
        => 1 + (1 - habits.LeaveAfterClick) * (habits.FollowClick * values[category] + (1 - habits.FollowClick) * values[intent]);

    private double OfNone(int intent, double[] values) => (1 - habits.LeaveAfterNone) * values[intent];
}
