using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Heads;
using AptRl.Model.Training;
using static TorchSharp.torch;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>Ranks items by the supervised scores, and says what kind of touch comes next.</summary>
internal sealed class KindRecommender(KindNetwork network, TrainingSequences sequences, int items) : IRecommender, IKindPredictor
{
    private const int QuestionsAtOnce = 256;

    private readonly NetworkRecommender _ranking = new(network, sequences, items);

    public void Score(ReadOnlySpan<Question> questions, Span<float> scores) => _ranking.Score(questions, scores);

    public void PredictKinds(ReadOnlySpan<Question> questions, Span<float> probabilities)
    {
        for (var from = 0; from < questions.Length; from += QuestionsAtOnce)
        {
            var count = Math.Min(QuestionsAtOnce, questions.Length - from);
            using var inference = inference_mode();
            using var scope = NewDisposeScope();
            var windows = new Token[count][];
            for (var i = 0; i < count; i++)
            {
                windows[i] = NetworkTrainer.Asking(questions[from + i], sequences, network.Window, masked: false);
            }

            var newest = network.Newest(windows);
            var last = Array.ConvertAll(windows, window => window.Length == 0 ? 0L : window[^1].Kind);
            var kinds = network.Kinds(tensor(newest, [count, newest.Length / count]), tensor(last)).softmax(-1);
            kinds.contiguous().data<float>().ToArray().CopyTo(probabilities[(from * Token.Kinds)..]);
        }
    }

    public void Dispose() => _ranking.Dispose();
}
