using AptRl.Model.Datasets;
using AptRl.Model.Events;

namespace AptRl.Model.Recommenders.Online;

/// <summary>Encoder and session neighbours, mixed by the sum of their reciprocal ranks.</summary>
/// <remarks>
/// score(j) = 1/(k + r₁(j)) + 1/(k + r₂(j)), k = 5, over the best <see cref="ListLength"/> of each (reciprocal rank
/// fusion: Cormack, Clarke and Büttcher 2009); everything else follows in the encoder's order.
/// </remarks>
internal sealed class OnlineMixRecipe : IOnlineRecipe
{
    private const int ListLength = 100;
    private const float Flattening = 5;

    public string Name => "transformer-neighbours";

    public IOnlineStart Fit(EventLog log, int count, FitContext context)
        => new Start(new OnlineEncoderRecipe().Fit(log, count, context), new CountingRecipe(Name, () => new OnlineNeighbours()).Fit(log, count, context));

    private sealed class Start(IOnlineStart encoder, IOnlineStart neighbours) : IOnlineStart
    {
        public IOnlineRecommender Begin(IReadOnlyList<ItemId> met) => new Mix(encoder.Begin(met), neighbours.Begin(met));

        public void Dispose()
        {
            encoder.Dispose();
            neighbours.Dispose();
        }
    }

    private sealed class Mix(IOnlineRecommender encoder, IOnlineRecommender neighbours) : IOnlineRecommender
    {
        private readonly BestItems _best = new(ListLength);
        private float[] _others = [];

        public void Learn(ReadOnlySpan<UserTouch> touches)
        {
            encoder.Learn(touches);
            neighbours.Learn(touches);
        }

        public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
        {
            if (_others.Length < scores.Length)
            {
                _others = new float[2 * scores.Length];
            }

            var others = _others.AsSpan(0, scores.Length);
            encoder.Score(questions, scores);
            neighbours.Score(questions, others);
            var items = scores.Length / questions.Length;
            for (var question = 0; question < questions.Length; question++)
            {
                Fuse(scores.Slice(question * items, items), others.Slice(question * items, items));
            }
        }

        public void Dispose()
        {
            encoder.Dispose();
            neighbours.Dispose();
        }

        private void Fuse(Span<float> own, ReadOnlySpan<float> others)
        {
            var fused = new Dictionary<int, float>();
            foreach (var list in (ReadOnlySpan<int[]>)[Ordered(own), Ordered(others)])
            {
                for (var at = 0; at < list.Length; at++)
                {
                    fused[list[at]] = fused.GetValueOrDefault(list[at]) + 1 / (Flattening + at + 1);
                }
            }

            // The encoder's scores are cosines over a temperature of at least 0.01: taken down by 1,000, they stay below.
            for (var item = 0; item < own.Length; item++)
            {
                own[item] -= 1_000;
            }

            foreach (var (item, score) in fused)
            {
                own[item] = score;
            }
        }

        private int[] Ordered(ReadOnlySpan<float> scores)
        {
            int[] best = [.. _best.Of(scores)];
            var keys = new (float, int)[best.Length];
            for (var at = 0; at < best.Length; at++)
            {
                keys[at] = (-scores[best[at]], best[at]);
            }

            Array.Sort(keys, best);
            return best;
        }
    }
}
