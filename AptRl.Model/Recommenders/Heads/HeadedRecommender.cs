using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>A network with heads as a recommender, with what its fit has to tell.</summary>
internal sealed class HeadedRecommender(SequenceNetwork network, TrainingSequences sequences, int items, IReadOnlyDictionary<string, double> figures)
    : IRecommender, IFigures
{
    private readonly NetworkRecommender _ranking = new(network, sequences, items);

    public IReadOnlyDictionary<string, double> Figures { get; } = figures;

    public void Score(ReadOnlySpan<Question> questions, Span<float> scores) => _ranking.Score(questions, scores);

    public void Dispose() => _ranking.Dispose();
}
