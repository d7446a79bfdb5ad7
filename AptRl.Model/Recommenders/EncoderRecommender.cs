using System.Collections.Immutable;
using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;

namespace AptRl.Model.Recommenders;

/// <summary>A saved or fresh <see cref="EncoderModel"/> as a recommender.</summary>
public sealed class EncoderRecommender : IRecommender
{
    private readonly EncoderModel _model;
    private readonly int[] _rows;

    /// <summary>Takes the model over: it is disposed with this.</summary>
    /// <param name="model">The encoder.</param>
    /// <param name="items">The catalogue that is ranked, N items. One that the encoder does not know gets -∞.</param>
    public EncoderRecommender(EncoderModel model, ImmutableArray<ItemId> items)
    {
        ArgumentNullException.ThrowIfNull(model);
        _model = model;
        _rows = [.. items.Select(item => model.Vocabulary.Knows(item) ? model.Vocabulary.RowOf(item) : Vocabulary.PaddingRow)];
    }

    /// <inheritdoc/>
    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        var known = _model.ScoreKnown(Windows(questions));
        var (first, count) = (_model.Vocabulary.FirstKnownRow, _model.Vocabulary.Known.Count);
        for (var i = 0; i < questions.Length; i++)
        {
            var from = known.AsSpan(i * count, count);
            var to = scores.Slice(i * _rows.Length, _rows.Length);
            for (var item = 0; item < to.Length; item++)
            {
                to[item] = _rows[item] == Vocabulary.PaddingRow ? float.NegativeInfinity : from[_rows[item] - first];
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _model.Dispose();

    private Token[][] Windows(ReadOnlySpan<Question> questions)
    {
        var windows = new Token[questions.Length][];
        for (var i = 0; i < windows.Length; i++)
        {
            var history = questions[i].History.Span;
            windows[i] = new Token[Math.Min(history.Length, _model.Options.Window)];
            for (var t = 0; t < windows[i].Length; t++)
            {
                var touch = history[history.Length - windows[i].Length + t];
                var row = touch.Item == IndexedTouch.NoItem || _rows[touch.Item] == Vocabulary.PaddingRow ? Vocabulary.NoItemRow : _rows[touch.Item];
                windows[i][t] = new Token(row, touch.Kind, touch.Seconds);
            }
        }

        return windows;
    }
}
