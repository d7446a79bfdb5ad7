using System.Numerics.Tensors;
using AptRl.Model.Datasets;
using AptRl.Model.Events;

namespace AptRl.Model.Recommenders;

/// <summary>Matrix factorization that learns to put what was touched before what was not.</summary>
/// <remarks>
/// BPR-MF, Rendle et al. 2009 (arXiv:1205.2618), algorithm LearnBPR: draw a touch (s, i) and an item j that s has not, and step
/// along σ(-x)·∂x/∂Θ - reg·Θ with x = b_i - b_j + p_s·(q_i - q_j). One thread, in the order drawn: lock-free parallel
/// steps would not repeat. A new session has no vector of its own: it is the mean of its items' vectors, as in Hidasi et
/// al. 2016 (arXiv:1511.06939, section 4) and Ludewig and Jannach 2018 (arXiv:1803.09587). Differences: a sequence counts
/// with its newest 100 different items and each once; the step shrinks to nothing in a straight line; in the mean the
/// newest item may weigh more; the biases take up popularity while learning and are left out when asked, because beside
/// a mean, which is shorter than a learned vector, they would drown what the history says.
/// </remarks>
public sealed class BprMf : IRecipe
{
    private const int Epochs = 30;
    private const double Spread = .05;

    private static readonly (int Width, double Step, double Regularisation, double Kept)[] Settings =
        [(128, .2, .001, .7), (128, .1, .001, .7), (64, .2, .001, .7), (128, .2, .001, 1)];

    /// <inheritdoc/>
    public string Name => "bpr-mf";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
        [.. Settings.Select(s => FormattableString.Invariant($"{s.Width} factors, step {s.Step}, regularisation {s.Regularisation}, each item counts {s.Kept} of the next"))];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var (width, step, regularisation, kept) = Settings[trial];
        var incidence = new Incidence(training);
        var items = Learn(incidence, width, step, regularisation, context);
        return new FactorRecommender(PopularityFloor.AllTime(training), items, history =>
        {
            var recent = RecentItems.Of(history.Span, Incidence.ItemsMax);
            if (recent.Count == 0)
            {
                return null;
            }

            var mean = new float[width + 1];
            var (weight, total) = (1.0, 0.0);
            foreach (var item in recent)
            {
                TensorPrimitives.MultiplyAdd(items.AsSpan(item * (width + 1), width), (float)weight, mean.AsSpan(0, width), mean.AsSpan(0, width));
                (weight, total) = (weight * kept, total + weight);
            }

            TensorPrimitives.Divide(mean, (float)total, mean);
            return mean;
        });
    }

    /// <returns>[N, D + 1]: the items' vectors, each with its bias at the end.</returns>
    private static float[] Learn(Incidence incidence, int width, double step, double regularisation, FitContext context)
    {
        var chance = new Chance(context.Seed).Split("bpr-mf");
        var (sequences, items) = (Drawn(incidence.ItemsOf.Length, width, ref chance), Drawn(incidence.SequencesOf.Length, width, ref chance));
        (int Sequence, int Item)[] pairs = [.. incidence.ItemsOf.SelectMany((row, sequence) => row.Select(item => (sequence, item)))];
        var difference = new float[width];
        var before = new float[width];
        var epochs = context.Quick ? Epochs / 4 : Epochs;
        for (long at = 0, steps = (long)epochs * pairs.Length; at < steps; at++)
        {
            if (at % pairs.Length == 0)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                context.Progress?.Report((at / (double)steps, $"epoch {at / pairs.Length + 1} of {epochs}"));
            }

            var (sequence, item) = pairs[chance.Next(pairs.Length)];
            var other = chance.Next(incidence.SequencesOf.Length);
            if (incidence.ItemsOf[sequence].Contains(other))
            {
                continue;
            }

            var rate = step * (1 - at / (double)steps);
            var shrink = (float)(1 - rate * regularisation);
            var p = sequences.AsSpan(sequence * (width + 1), width);
            var liked = items.AsSpan(item * (width + 1), width + 1);
            var unseen = items.AsSpan(other * (width + 1), width + 1);
            TensorPrimitives.Subtract(liked[..width], unseen[..width], difference);
            var margin = liked[width] - unseen[width] + FixedOrder.Dot<float>(p, difference);
            var pull = (float)(rate / (1 + Math.Exp(margin)));
            p.CopyTo(before);
            Move(p, shrink, difference, pull);
            Move(liked[..width], shrink, before, pull);
            Move(unseen[..width], shrink, before, -pull);
            (liked[width], unseen[width]) = (liked[width] * shrink + pull, unseen[width] * shrink - pull);
        }

        return items;
    }

    /// <summary>v ← shrink·v + pull·direction</summary>
    private static void Move(Span<float> vector, float shrink, ReadOnlySpan<float> direction, float pull)
    {
        TensorPrimitives.Multiply(vector, shrink, vector);
        TensorPrimitives.MultiplyAdd(direction, pull, vector, vector);
    }

    private static float[] Drawn(int count, int width, ref Chance chance)
    {
        var numbers = new float[count * (width + 1)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = i % (width + 1) == width ? 0 : (float)(Spread * chance.NextNormal());
        }

        return numbers;
    }
}
