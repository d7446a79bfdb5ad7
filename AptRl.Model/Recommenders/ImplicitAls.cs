using System.Numerics.Tensors;
using AptRl.Model.Datasets;
using AptRl.Model.Events;

namespace AptRl.Model.Recommenders;

/// <summary>Matrix factorization of what was touched against all that was not, solved side by side until it settles.</summary>
/// <remarks>
/// Implicit ALS, Hu, Koren and Volinsky 2008, in the form of Rendle et al. 2021 (arXiv:2110.14037): minimises
/// Σ_touched (1 - x·y)² + α Σ_all (x·y)² + Σ_u λ_u ‖x_u‖² + Σ_i λ_i ‖y_i‖² with λ_u = λ(n_u + α·N), and alike for items.
/// A history that training has not seen is folded in as the x that solves its row. Each row is solved exactly: with
/// α YᵀY = QΛQᵀ found once a sweep, a row of n touches costs n² D + n³ by the push-through identity
/// (Λ + λ_u I + YᵀWY)⁻¹ YᵀW 1 = (Λ + λ_u I)⁻¹ Yᵀ (W⁻¹ + Y(Λ + λ_u I)⁻¹Yᵀ)⁻¹ 1, so iALS++'s blocks are not needed. Differences:
/// a sequence counts with its newest 100 different items and each once; of a question's items the newest weighs 1 and
/// each older one less.
/// </remarks>
public sealed class ImplicitAls : IRecipe
{
    private const int Sweeps = 12;
    private const double Spread = .1;

    private static readonly (int Width, double Alpha, double Lambda, double Kept)[] Settings =
        [(128, .0003, .003, .7), (128, .0001, .003, .7), (64, .0001, .003, .7), (128, .0003, .003, 1)];

    /// <inheritdoc/>
    public string Name => "ials";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
        [.. Settings.Select(s => FormattableString.Invariant($"{s.Width} factors, α = {s.Alpha}, λ = {s.Lambda}, each item counts {s.Kept} of the next"))];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var (width, alpha, lambda, kept) = Settings[trial];
        var items = Items(new Incidence(training), width, alpha, lambda, context);
        var side = new Side(items, width, alpha, lambda);
        return new FactorRecommender(PopularityFloor.AllTime(training), side.Turned, history =>
        {
            var recent = RecentItems.Of(history.Span, Incidence.ItemsMax);
            double[] weights = [.. recent.Select((_, age) => Math.Pow(kept, age))];
            return recent.Count == 0 ? null : side.RowOf([.. recent], weights);
        });
    }

    /// <summary>The items' vectors by the default setting at another width: [N, D].</summary>
    internal static float[] ItemVectors(TrainingPart training, int width, FitContext context)
        => Items(new Incidence(training), width, Settings[0].Alpha, Settings[0].Lambda, context);

    private static float[] Items(Incidence incidence, int width, double alpha, double lambda, FitContext context)
    {
        var chance = new Chance(context.Seed).Split("ials");
        var items = new float[incidence.SequencesOf.Length * width];
        for (var i = 0; i < items.Length; i++)
        {
            items[i] = (float)(Spread / Math.Sqrt(width) * chance.NextNormal());
        }

        var sweeps = context.Quick ? Sweeps / 4 : Sweeps;
        for (var sweep = 0; sweep < sweeps; sweep++)
        {
            var sequences = Solve(incidence.ItemsOf, new Side(items, width, alpha, lambda), context);
            items = Solve(incidence.SequencesOf, new Side(sequences, width, alpha, lambda), context);
            context.Progress?.Report(((sweep + 1.0) / sweeps, $"sweep {sweep + 1} of {sweeps}"));
        }

        return items;
    }

    private static float[] Solve(int[][] rows, Side side, FitContext context)
    {
        var turned = new float[rows.Length * side.Width];
        Parallel.For(0, rows.Length, new ParallelOptions { CancellationToken = context.Cancellation }, row =>
            side.RowOf(rows[row], null).CopyTo(turned, row * side.Width));
        return side.TurnBack(turned);
    }

    /// <summary>The vectors that are held still while the others are solved, turned so that YᵀY is diagonal.</summary>
    private sealed class Side
    {
        private readonly double[] _diagonal;
        // Q's columns, one a row.
        private readonly float[] _turn;
        private readonly double _alpha;
        private readonly double _lambda;
        private readonly int _count;

        /// <param name="vectors">Y, [M, D].</param>
        /// <param name="width">D</param>
        /// <param name="alpha">α</param>
        /// <param name="lambda">λ</param>
        internal Side(float[] vectors, int width, double alpha, double lambda)
        {
            (Width, _count, _alpha, _lambda) = (width, vectors.Length / width, alpha, lambda);
            var (values, turn) = SymmetricEigen.Of(Square(vectors, width), width);
            _diagonal = [.. values.Select(value => alpha * Math.Max(0, value))];
            _turn = Array.ConvertAll(turn, number => (float)number);
            Turned = new float[vectors.Length];
            Parallel.For(0, _count, row =>
            {
                for (var d = 0; d < width; d++)
                {
                    Turned[row * width + d] = FixedOrder.Dot<float>(vectors.AsSpan(row * width, width), _turn.AsSpan(d * width, width));
                }
            });
        }

        internal int Width { get; }

        /// <summary>YQ, [M, D].</summary>
        internal float[] Turned { get; }

        /// <summary>XQᵀ for X as <see cref="RowOf"/> gives it.</summary>
        internal float[] TurnBack(float[] turned)
        {
            var vectors = new float[turned.Length];
            Parallel.For(0, turned.Length / Width, row =>
            {
                var vector = vectors.AsSpan(row * Width, Width);
                for (var d = 0; d < Width; d++)
                {
                    TensorPrimitives.MultiplyAdd(_turn.AsSpan(d * Width, Width), turned[row * Width + d], vector, vector);
                }
            });
            return vectors;
        }

        /// <summary>The vector x, turned, that fits these touches best.</summary>
        /// <param name="touched">Rows of Y.</param>
        /// <param name="weights">What each counts, above 0; null where each counts 1.</param>
        internal float[] RowOf(int[] touched, double[]? weights)
        {
            var added = _lambda * (touched.Length + _alpha * _count);
            double[] diagonal = [.. _diagonal.Select(value => value + added)];
            return touched.Length <= Width ? Few(touched, weights, diagonal) : Many(touched, weights, diagonal);
        }

        /// <summary>YᵀY, [D, D].</summary>
        private static double[] Square(float[] vectors, int width)
        {
            var square = new double[width * width];
            var vector = new double[width];
            for (var at = 0; at < vectors.Length; at += width)
            {
                TensorPrimitives.ConvertTruncating<float, double>(vectors.AsSpan(at, width), vector);
                for (var d = 0; d < width; d++)
                {
                    var row = square.AsSpan(d * width, width);
                    TensorPrimitives.MultiplyAdd(vector, vector[d], row, row);
                }
            }

            return square;
        }

        private float[] Few(int[] touched, double[]? weights, double[] diagonal)
        {
            var n = touched.Length;
            var scaled = new double[n * Width];
            for (var i = 0; i < n; i++)
            {
                for (var d = 0; d < Width; d++)
                {
                    scaled[i * Width + d] = Turned[touched[i] * Width + d] / Math.Sqrt(diagonal[d]);
                }
            }

            var matrix = new double[n * n];
            var answer = new double[n];
            Array.Fill(answer, 1);
            for (var i = 0; i < n; i++)
            {
                for (var j = 0; j <= i; j++)
                {
                    matrix[i * n + j] = FixedOrder.Dot<double>(scaled.AsSpan(i * Width, Width), scaled.AsSpan(j * Width, Width));
                }

                matrix[i * n + i] += 1 / (weights?[i] ?? 1);
            }

            PositiveSystem.Solve(matrix, answer);
            var sum = new double[Width];
            for (var i = 0; i < n; i++)
            {
                TensorPrimitives.MultiplyAdd(scaled.AsSpan(i * Width, Width), answer[i], sum, sum);
            }

            return [.. sum.Select((value, d) => (float)(value / Math.Sqrt(diagonal[d])))];
        }

        private float[] Many(int[] touched, double[]? weights, double[] diagonal)
        {
            var matrix = new double[Width * Width];
            var right = new double[Width];
            var vector = new double[Width];
            for (var d = 0; d < Width; d++)
            {
                matrix[d * Width + d] = diagonal[d];
            }

            for (var i = 0; i < touched.Length; i++)
            {
                var weight = weights?[i] ?? 1;
                TensorPrimitives.ConvertTruncating<float, double>(Turned.AsSpan(touched[i] * Width, Width), vector);
                TensorPrimitives.MultiplyAdd(vector, weight, right, right);
                for (var d = 0; d < Width; d++)
                {
                    var row = matrix.AsSpan(d * Width, d + 1);
                    TensorPrimitives.MultiplyAdd(vector.AsSpan(0, d + 1), weight * vector[d], row, row);
                }
            }

            PositiveSystem.Solve(matrix, right);
            return [.. right.Select(value => (float)value)];
        }
    }
}
