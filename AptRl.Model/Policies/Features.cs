using System.Numerics.Tensors;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Policies;

/// <summary>Describes an item as a choice for a user: x(s, i).</summary>
/// <remarks>
/// [0, 32) state ⊙ item vector, summed in groups where the encoder is wider, scaled so that the 32 of them add up to 32
/// times the product; 32 the product; 33 a thousand times the share that sessions like the window give it, in logarithms;
/// 34–36 popularity of the hour, day and week, in logarithms; 37 ten times the click rate where shown, shrunk towards 5 % with the weight of 20 showings; 38 how often it was shown,
/// in logarithms; 39 a quarter of its touches in the window; 40 one over how many touches ago; 41–43 last touch a view, a
/// cart, a purchase; 44 not in the window; 45 discount of the position, 1/log₂(2 + position), 1 when choosing; 46 the
/// natural logarithm of 1 + times shown to this user, where not in the window; 47 the constant 1. The other logarithms
/// are of 1 + count, over 4.
/// [48, 57) ask what the session is about (<see cref="SessionTopic"/>), with c the item's category and p the probability of c: 48 p;
/// 49 log(0.002 + p)/4; 50 the newest touch is of c; 51 log of c's share before the session, over 4; 52 how fresh the item is in the
/// user's mind, half the sum over its touches of 2 to the power of minus their age in days, a purchase counting 3, 4 at most before halving; 53–56
/// are 33, 36, 37 and 52 times p: what is popular matters where the session is about such things.
/// The session is the last touches with gaps of at most <see cref="SessionGap"/>, the last before the request included.
/// </remarks>
public sealed class Features
{
    /// <summary>How many features, from the front, another encoder would make differently.</summary>
    public const int OfEncoder = Groups + 1;

    /// <summary>Where the position's discount stands.</summary>
    public const int PositionIndex = 45;

    /// <summary>A longer gap between two touches, or before the request, ends a session for these numbers.</summary>
    public static readonly TimeSpan SessionGap = TimeSpan.FromMinutes(30);

    private const int Groups = 32;
    private const float PriorRate = 0.05f;
    private const float PriorShown = 20;
    private const float FreshMax = 4;

    private readonly DecisionContext _context;
    private readonly LinearPolicy _policy;
    private readonly IItemSpace _space;
    private readonly Catalogue _catalogue;
    private readonly NeighbourScores _neighbours;
    private readonly Dictionary<ItemId, Touched> _touched;
    private readonly SessionTopic _topic;

    /// <summary>Takes what all candidates of a decision share.</summary>
    /// <param name="context">The request and its user.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="space">The encoder's vectors.</param>
    /// <param name="catalogue">Tells categories.</param>
    /// <param name="neighbours">What comes next in sessions like the user's window.</param>
    public Features(DecisionContext context, LinearPolicy policy, IItemSpace space, Catalogue catalogue, NeighbourScores neighbours)
    {
        (_context, _policy, _space, _catalogue, _neighbours) = (context, policy, space, catalogue, neighbours);
        _touched = TouchedIn(context);
        _topic = new SessionTopic(catalogue, context.Window, SessionStart(context));
    }

    /// <summary>Discount of a position, from 0: how much less is seen of it, by the usual logarithm.</summary>
    public static float Discount(int position) => 1 / MathF.Log2(2 + position);

    /// <summary>Writes the features of an item, as if it stood first.</summary>
    /// <param name="item">The candidate.</param>
    /// <param name="features"><see cref="FeatureVector.Length"/> numbers.</param>
    public void Fill(ItemId item, Span<float> features)
    {
        features.Clear();
        FillProducts(_context.State, _space.VectorOf(item), features);
        features[33] = MathF.Log(1 + 1000 * _neighbours[item]) / 4;

        var counts = _policy.Counts.GetValueOrDefault(item);
        features[34] = MathF.Log(1 + counts.Hour) / 4;
        features[35] = MathF.Log(1 + counts.Day) / 4;
        features[36] = MathF.Log(1 + counts.Week) / 4;
        features[37] = 10 * (counts.Clicked + PriorRate * PriorShown) / (counts.Shown + PriorShown);
        features[38] = MathF.Log(1 + counts.Shown) / 4;
        FillTouches(item, features);
        features[PositionIndex] = Discount(0);
        features[47] = 1;
        FillTopic(item, features);
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = FeatureVector.Rounded(features[i]);
        }
    }

    /// <summary>Writes what depends on the encoder: the first <see cref="OfEncoder"/> features, not yet rounded.</summary>
    /// <param name="state">[D]</param>
    /// <param name="vector">The item's, [D].</param>
    /// <param name="features">Where they go, from the front; they must be 0.</param>
    public static void FillProducts(ReadOnlySpan<float> state, ReadOnlySpan<float> vector, Span<float> features)
    {
        var width = Math.Min(vector.Length, state.Length);
        for (var i = 0; i < width; i++)
        {
            features[i * Groups / width] += state[i] * vector[i] * Groups;
        }

        features[Groups] = TensorPrimitives.Dot(vector[..width], state[..width]);
    }

    private static int SessionStart(DecisionContext context)
    {
        var (start, at) = (context.Window.Length, context.At);
        while (start > 0 && at - context.Window[start - 1].At <= SessionGap)
        {
            at = context.Window[--start].At;
        }

        return start;
    }

    private void FillTopic(ItemId item, Span<float> features)
    {
        if (_catalogue.CategoryOf(item) is { } category)
        {
            features[48] = _topic[category];
            features[49] = MathF.Log(0.002f + features[48]) / 4;
            features[50] = _topic.Newest == category ? 1 : 0;
            features[51] = MathF.Log(_topic.ShareBefore(category)) / 4;
        }

        features[53] = features[33] * features[48];
        features[54] = features[36] * features[48];
        features[55] = features[37] * features[48];
        features[56] = features[52] * features[48];
    }

    // Read once for all candidates: windows are long, and most candidates are not in them.
    private static Dictionary<ItemId, Touched> TouchedIn(DecisionContext context)
    {
        var touched = new Dictionary<ItemId, Touched>();
        for (var i = 0; i < context.Window.Length; i++)
        {
            var touch = context.Window[i];
            if (touch.Item is not { } item)
            {
                continue;
            }

            var weight = touch.Kind switch
            {
                InteractionKind.ViewItem or InteractionKind.SelectItem => 1,
                InteractionKind.Purchase => 3,
                _ => 0,
            };
            var before = touched.GetValueOrDefault(item);
            touched[item] = new Touched(
                before.Count + 1, context.Window.Length - i, touch.Kind,
                before.Freshness + weight * MathF.Pow(0.5f, (float)((context.At - touch.At) / TimeSpan.FromDays(1))));
        }

        return touched;
    }

    private void FillTouches(ItemId item, Span<float> features)
    {
        if (_touched.TryGetValue(item, out var touched))
        {
            features[39] = 0.25f * touched.Count;
            features[40] = 1f / touched.Ago;
            features[41] = touched.Newest is InteractionKind.ViewItem or InteractionKind.SelectItem ? 1 : 0;
            features[42] = touched.Newest is InteractionKind.AddToCart or InteractionKind.AddToWishlist ? 1 : 0;
            features[43] = touched.Newest is InteractionKind.Purchase ? 1 : 0;
            features[52] = MathF.Min(touched.Freshness, FreshMax) / 2;
        }
        else
        {
            features[44] = 1;
            features[46] = _context.TimesShown is { } shown ? MathF.Log(1 + shown.GetValueOrDefault(item)) : 0;
        }
    }

    /// <param name="Count">Touches of the item.</param>
    /// <param name="Ago">How many touches ago the newest was, 1 for the last one.</param>
    /// <param name="Newest">Its kind.</param>
    /// <param name="Freshness">Views, clicks and purchases, halved with each day since.</param>
    private readonly record struct Touched(int Count, int Ago, InteractionKind Newest, float Freshness);
}
