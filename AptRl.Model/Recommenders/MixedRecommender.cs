using AptRl.Model.Datasets;
using AptRl.Model.Mixing;

namespace AptRl.Model.Recommenders;

/// <summary>Ranks the candidates of all sources by the mix, and everything else behind them by the encoder.</summary>
/// <remarks>Without trees, where there was too little to learn them from, by the sources' mean logarithmic rank.</remarks>
internal sealed class MixedRecommender(MixSources sources, TreeEnsemble? trees, int items) : IRecommender
{
    // Above any score of the encoder, which is a cosine over a temperature of at least 0.01.
    private const float Candidate = 1_000;

    private readonly List<float> _features = [];

    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        sources.Score(questions, scores);
        for (var i = 0; i < questions.Length; i++)
        {
            var own = scores.Slice(i * items, items);
            var candidates = sources.Describe(questions[i], own, _features);
            var features = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_features);
            var width = MixSources.FeatureNames.Length;
            for (var at = 0; at < candidates.Length; at++)
            {
                var row = features.Slice(at * width, width);
                own[candidates[at]] = Candidate + (float)(trees?.Score(row) ?? MixSources.MeanRank(row));
            }
        }
    }

    public void Dispose() => sources.Dispose();
}
