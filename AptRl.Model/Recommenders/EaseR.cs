using System.Numerics.Tensors;
using AptRl.Model.Datasets;
using AptRl.Model.Native;
using static TorchSharp.torch;

namespace AptRl.Model.Recommenders;

/// <summary>A linear model in which every item of the history votes for every other: the closed form of a shallow autoencoder.</summary>
/// <remarks>
/// EASE^R, Steck 2019 (arXiv:1905.03375), eq. 8: with P = (XᵀX + λI)⁻¹, B = I - P·diag(1/P_jj) has diagonal 0 and minimises
/// ‖X - XB‖² + λ‖B‖²; the scores are xB. Up to <see cref="ExactItemsMax"/> items exactly so: the inverse of N·N numbers takes
/// N³ operations (12,000 items: 1.7 GB while fitting). Beyond, column j is the same minimum over its
/// support alone, of the items that meet j the <see cref="Support"/> with the largest cosine: (G_SS + λI) b = G_Sj, as in fsSLIM (Ning and Karypis
/// 2011) and near to the sparse approximation of Steck's "Markov Random Fields for Collaborative Filtering" (2019);
/// where every other item is in it, it is EASE^R itself. Other differences: a sequence counts with its newest 100 different
/// items; of the items of a question the newest weighs 1 and each older one less; and, but for one trial, when asked an
/// item votes for itself too: the diagonal of 0 is there so that learning cannot copy, and where people come back to
/// what they saw it would keep the likeliest item out of the slate.
/// </remarks>
public sealed class EaseR : IRecipe
{
    /// <summary>The largest catalogue whose matrix is inverted whole.</summary>
    public const int ExactItemsMax = 12_500;

    /// <summary>Items that may vote for one item, in a larger catalogue.</summary>
    public const int Support = 150;

    private const int HistoryMax = 50;
    
    // Kept: what the next older item counts of the one before. Own: what an item votes for itself; 0 is EASE^R's diagonal.
    private static readonly (double Lambda, double Own, double Kept)[] Settings = [(100, .3, .7), (100, .1, .7), (30, .3, .7), (100, 0, .7)];

    private readonly int _exactItemsMax;

    /// <summary>Adds the item's row of B, times a weight, to the evidence.</summary>
    private delegate void Vote(int item, float weight, Span<float> evidence);

    /// <summary>With the usual limit.</summary>
    public EaseR()
        : this(ExactItemsMax)
    {
    }

    /// <summary>With another limit: less memory, or an exact answer for more.</summary>
    /// <param name="exactItemsMax">The largest catalogue whose matrix is inverted whole: 0 to 40,000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The limit is out of its range.</exception>
    public EaseR(int exactItemsMax)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(exactItemsMax);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(exactItemsMax, 40_000);
        _exactItemsMax = exactItemsMax;
    }

    /// <inheritdoc/>
    public string Name => "ease-r";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
        [.. Settings.Select(s => FormattableString.Invariant($"λ = {s.Lambda}, own vote {s.Own}, each item counts {s.Kept} of the next"))];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var (lambda, own, kept) = Settings[trial];
        var gram = Gram(new Incidence(training), context);
        Vote vote = training.Items.Length <= _exactItemsMax ? Exact(gram, lambda) : ByColumn(gram, lambda, context);
        return new EvidenceRecommender(PopularityFloor.AllTime(training), (history, evidence) =>
        {
            var weight = 1f;
            foreach (var item in RecentItems.Of(history, HistoryMax))
            {
                vote(item, weight, evidence);
                evidence[item] += weight * (float)own;
                weight *= (float)kept;
            }
        });
    }

    /// <summary>The rows of XᵀX, each with its diagonal apart.</summary>
    private static (int Own, (int Item, int Count)[] Others)[] Gram(Incidence incidence, FitContext context)
    {
        var rows = new (int, (int, int)[])[incidence.SequencesOf.Length];
        Parallel.For(0, rows.Length, Options(context), () => new int[rows.Length], (item, _, scratch) =>
        {
            rows[item] = (incidence.SequencesOf[item].Length, incidence.Companions(item, scratch));
            return scratch;
        }, _ => { });
        return rows;
    }

    private static Vote Exact((int Own, (int Item, int Count)[] Others)[] gram, double lambda)
    {
        TorchRuntime.EnsureLoaded();
        var n = gram.Length;
        var numbers = new float[n * n];
        for (var item = 0; item < n; item++)
        {
            numbers[item * n + item] = gram[item].Own + (float)lambda;
            foreach (var (other, count) in gram[item].Others)
            {
                numbers[item * n + other] = count;
            }
        }

        using (NewDisposeScope())
        {
            cholesky_inverse(linalg.cholesky(tensor(numbers, n, n))).data<float>().CopyTo(numbers);
        }

        float[] scales = [.. Enumerable.Range(0, n).Select(item => -1 / numbers[item * n + item])];
        for (var item = 0; item < n; item++)
        {
            var row = numbers.AsSpan(item * n, n);
            TensorPrimitives.Multiply(row, scales, row);
            row[item] = 0;
        }

        return (item, weight, evidence) => TensorPrimitives.MultiplyAdd(numbers.AsSpan(item * n, n), weight, evidence, evidence);
    }

    private static Vote ByColumn((int Own, (int Item, int Count)[] Others)[] gram, double lambda, FitContext context)
    {
        var columns = new (int Item, float Weight)[gram.Length][];
        Parallel.For(0, gram.Length, Options(context), () => new int[gram.Length], (item, _, place) =>
        {
            columns[item] = Column(gram, item, lambda, place);
            return place;
        }, _ => { });

        var rows = gram.Select(_ => new List<(int Item, float Weight)>()).ToArray();
        for (var item = 0; item < columns.Length; item++)
        {
            foreach (var (voter, weight) in columns[item])
            {
                rows[voter].Add((item, weight));
            }
        }

        return (item, weight, evidence) =>
        {
            foreach (var (other, ofOther) in rows[item])
            {
                evidence[other] += weight * ofOther;
            }
        };
    }

    /// <summary>What each of its supporters votes for the item.</summary>
    /// <param name="gram">XᵀX.</param>
    /// <param name="item">j</param>
    /// <param name="lambda">λ</param>
    /// <param name="place">[N] zeros, and zeros again afterwards: where an item stands in the support, counted from 1.</param>
    private static (int Item, float Weight)[] Column((int Own, (int Item, int Count)[] Others)[] gram, int item, double lambda, int[] place)
    {
        (int Item, int Count)[] support = [.. gram[item].Others
            .OrderByDescending(other => (double)other.Count * other.Count / gram[other.Item].Own).Take(Support)];
        var n = support.Length;
        for (var i = 0; i < n; i++)
        {
            place[support[i].Item] = i + 1;
        }

        var matrix = new double[n * n];
        var right = new double[n];
        for (var i = 0; i < n; i++)
        {
            var (own, others) = gram[support[i].Item];
            matrix[i * n + i] = own + lambda;
            right[i] = support[i].Count;
            foreach (var (other, count) in others)
            {
                if (place[other] > 0)
                {
                    matrix[i * n + place[other] - 1] = count;
                }
            }
        }

        PositiveSystem.Solve(matrix, right);
        foreach (var (other, _) in support)
        {
            place[other] = 0;
        }

        return [.. support.Select((other, i) => (other.Item, (float)right[i]))];
    }

    private static ParallelOptions Options(FitContext context) => new() { CancellationToken = context.Cancellation };
}
