using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Windows;

namespace AptRl.Model.Policies;

/// <summary>What a user's session is about: a probability for each category of the catalogue.</summary>
/// <remarks>
/// A hidden Markov model with one state, the category that the session is about, filtered touch by touch (Rabiner 1989, the forward
/// recursion of III.A). Before the session p(c) = (1 + n_c)/(C + n): n_c of the n touches before it were of category c, C categories are known.
/// A view of category c multiplies p(c) by (0.8 + 0.2/C)/(0.2/C): four views in five are of what the session is about, the others of any.
/// A click on a slate moves the session to the item's category with probability ½. Other kinds follow a view or a click and add nothing.
/// An item's category is the first that the catalogue tells; of items without one nothing is said. Only categories that the
/// user touched are kept, the others share the rest equally.
/// </remarks>
public sealed class SessionTopic
{
    private const float OnTopic = 0.8f;
    private const float ClickMoves = 0.5f;

    private readonly Dictionary<string, float> _shares = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _before = new(StringComparer.Ordinal);
    private readonly Catalogue _catalogue;
    private readonly int _touchesBefore;
    private float _rest;

    /// <summary>Reads a window.</summary>
    /// <param name="catalogue">Tells categories.</param>
    /// <param name="window">The user's touches, oldest first.</param>
    /// <param name="start">Where the session begins in it.</param>
    public SessionTopic(Catalogue catalogue, ImmutableArray<Touch> window, int start)
    {
        ArgumentNullException.ThrowIfNull(catalogue);
        _catalogue = catalogue;
        foreach (var touch in window.AsSpan()[..start])
        {
            if (CategoryOf(touch.Item) is { } category)
            {
                _before[category] = _before.GetValueOrDefault(category) + 1;
                _touchesBefore++;
            }
        }

        foreach (var touch in window)
        {
            if (CategoryOf(touch.Item) is { } category)
            {
                _shares[category] = ShareBefore(category);
            }
        }

        _rest = 1 - _shares.Values.Sum();
        foreach (var touch in window.AsSpan()[start..])
        {
            if (CategoryOf(touch.Item) is { } category)
            {
                Saw(category, touch.Kind);
                Newest = category;
            }
        }
    }

    /// <summary>Category of the session's newest touch; null where it has none.</summary>
    public string? Newest { get; }

    /// <summary>Probability that the session is about a category; 0 where the catalogue tells none.</summary>
    public float this[string? category]
        => category is null ? 0
            : _shares.TryGetValue(category, out var share) ? share
            : Math.Max(_rest, 0) / Math.Max(1, _catalogue.Categories.Count - _shares.Count);

    /// <summary>Share of the touches before the session that were of a category, with one touch more of each category.</summary>
    public float ShareBefore(string? category)
        => category is null ? 0 : (1f + _before.GetValueOrDefault(category)) / (_catalogue.Categories.Count + _touchesBefore);

    private string? CategoryOf(ItemId? item) => item is { } known ? _catalogue.CategoryOf(known) : null;

    private void Saw(string category, InteractionKind kind)
    {
        if (kind is InteractionKind.SelectItem)
        {
            Scale(1 - ClickMoves);
            _shares[category] += ClickMoves;
        }
        else if (kind is InteractionKind.ViewItem)
        {
            var any = (1 - OnTopic) / _catalogue.Categories.Count;
            _shares[category] *= (OnTopic + any) / any;
            Scale(1 / (_shares.Values.Sum() + _rest));
        }
    }

    private void Scale(float by)
    {
        _rest *= by;
        foreach (var category in _shares.Keys)
        {
            _shares[category] *= by;
        }
    }
}
