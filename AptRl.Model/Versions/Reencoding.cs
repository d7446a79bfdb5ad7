using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Policies;

namespace AptRl.Model.Versions;

/// <summary>What a logged decision would have taught under another encoder.</summary>
/// <remarks>
/// Only the features that depend on the encoder are made again (<see cref="Features.OfEncoder"/> of them, from the window's state and
/// the item's vector); the others are those that were logged, to the bit. Difference from having served with that encoder: what was
/// shown, and the value of a next slate, are of the encoder that decided.
/// </remarks>
public static class Reencoding
{
    /// <summary>The decision with the features of its slate made anew; it keeps the version of the encoder that made it.</summary>
    /// <param name="decision">As it was logged.</param>
    /// <param name="state">What the encoder says of the window that it was decided with, [D].</param>
    /// <param name="space">The encoder's vectors. Where it made the decision, the decision is returned as it is.</param>
    public static Decision Under(Decision decision, ReadOnlySpan<float> state, IItemSpace space)
    {
        if (decision.ModelVersion == space.Version)
        {
            return decision;
        }

        var slate = ImmutableArray.CreateBuilder<Shown>(decision.Slate.Length);
        Span<float> numbers = stackalloc float[FeatureVector.Length];
        foreach (var shown in decision.Slate)
        {
            var units = shown.Features.Units;
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = i < Features.OfEncoder ? 0 : units[i] * (1f / FeatureVector.One);
            }

            Features.FillProducts(state, space.VectorOf(shown.Item), numbers);
            slate.Add(shown with { Features = FeatureVector.From(numbers) });
        }

        return decision with { Slate = slate.MoveToImmutable() };
    }
}
