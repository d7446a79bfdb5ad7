using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>Ranks items by how often they were touched, ever, by anyone: what every other recipe has to beat.</summary>
public sealed class PopularityRecipe : IRecipe
{
    /// <inheritdoc/>
    public string Name => "popularity";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials => ["all time"];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        var counts = new float[training.Items.Length];
        foreach (var touch in training.Sequences.SelectMany(touches => touches))
        {
            counts[touch.Item]++;
        }

        return new Popularity(counts);
    }

    private sealed class Popularity(float[] counts) : IRecommender
    {
        public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
        {
            for (var question = 0; question < questions.Length; question++)
            {
                counts.CopyTo(scores[(question * counts.Length)..]);
            }
        }

        public void Dispose()
        {
        }
    }
}
