using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Training;
using static TorchSharp.torch;

namespace AptRl.Model.Recommenders;

/// <summary>A trained network as a recommender: state times item vectors, for the whole catalogue.</summary>
internal sealed class NetworkRecommender : IRecommender
{
    private readonly SequenceNetwork _network;
    private readonly TrainingSequences _sequences;
    private readonly bool _masked;
    private readonly int[] _items;
    private readonly Tensor _vectors;
    private readonly Tensor? _bias;

    /// <param name="network">Trained; disposed with this.</param>
    /// <param name="sequences">What it was trained on: says which item has which row.</param>
    /// <param name="items">N.</param>
    /// <param name="masked">Whether it predicts what stands behind a mask.</param>
    internal NetworkRecommender(SequenceNetwork network, TrainingSequences sequences, int items, bool masked = false)
    {
        (_network, _sequences, _masked) = (network, sequences, masked);
        var vocabulary = sequences.Vocabulary;
        _items = new int[vocabulary.Known.Count];
        for (var item = 0; item < items; item++)
        {
            // An item of the catalogue that the fit never saw shares a bucket: nothing can be said about it.
            if (sequences.RowOf(item) is var row && row >= vocabulary.FirstKnownRow)
            {
                _items[row - vocabulary.FirstKnownRow] = item;
            }
        }

        Items = items;
        using var inference = no_grad();
        using var scope = NewDisposeScope();
        var known = arange(vocabulary.FirstKnownRow, vocabulary.Rows, dtype: int64);
        _vectors = network.ItemVectors(known).t().Times(1 / network.Temperature).contiguous().DetachFromDisposeScope();
        _bias = network.ItemBias(known)?.DetachFromDisposeScope();
    }

    private int Items { get; }

    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        scores.Fill(float.NegativeInfinity);
        var windows = new Token[questions.Length][];
        for (var i = 0; i < windows.Length; i++)
        {
            windows[i] = NetworkTrainer.Asking(questions[i], _sequences, _network.Window, _masked);
        }

        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var states = tensor(_network.Newest(windows), [windows.Length, _vectors.shape[0]]);
        var known = matmul(states, _vectors);
        known = (_bias is null ? known : known.Plus(_bias)).contiguous();
        var numbers = known.data<float>().ToArray().AsSpan();
        for (var i = 0; i < windows.Length; i++)
        {
            var from = numbers.Slice(i * _items.Length, _items.Length);
            var to = scores.Slice(i * Items, Items);
            for (var row = 0; row < from.Length; row++)
            {
                to[_items[row]] = from[row];
            }
        }
    }

    public void Dispose()
    {
        _vectors.Dispose();
        _bias?.Dispose();
        _network.Dispose();
    }
}
