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
/// </remarks>
public sealed class Features
{
    /// <summary>How many features, from the front, another encoder would make differently.</summary>
    public const int OfEncoder = Groups + 1;

    /// <summary>Where the position's discount stands.</summary>
    public const int PositionIndex = 45;

    private const int Groups = 32;
    private const float PriorRate = 0.05f;
    private const float PriorShown = 20;

    private readonly DecisionContext _context;
    private readonly LinearPolicy _policy;
    private readonly IItemSpace _space;
    private readonly NeighbourScores _neighbours;

    /// <summary>Takes what all candidates of a decision share.</summary>
    /// <param name="context">The request and its user.</param>
    /// <param name="policy">The policy in force.</param>
    /// <param name="space">The encoder's vectors.</param>
    /// <param name="neighbours">What comes next in sessions like the user's window.</param>
    public Features(DecisionContext context, LinearPolicy policy, IItemSpace space, NeighbourScores neighbours)
        => (_context, _policy, _space, _neighbours) = (context, policy, space, neighbours);

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

    private void FillTouches(ItemId item, Span<float> features)
    {
        var window = _context.Window;
        for (var i = window.Length - 1; i >= 0; i--)
        {
            if (window[i].Item != item)
            {
                continue;
            }

            if (features[39] == 0)
            {
                features[40] = 1f / (window.Length - i);
                features[41] = window[i].Kind is InteractionKind.ViewItem or InteractionKind.SelectItem ? 1 : 0;
                features[42] = window[i].Kind is InteractionKind.AddToCart or InteractionKind.AddToWishlist ? 1 : 0;
                features[43] = window[i].Kind is InteractionKind.Purchase ? 1 : 0;
            }

            features[39] += 0.25f;
        }

        features[44] = features[39] == 0 ? 1 : 0;
        features[46] = features[39] == 0 && _context.TimesShown is { } shown ? MathF.Log(1 + shown.GetValueOrDefault(item)) : 0;
    }
}
