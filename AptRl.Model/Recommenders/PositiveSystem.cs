using System.Numerics.Tensors;

namespace AptRl.Model.Recommenders;

/// <summary>Solves many small systems with a symmetric positive definite matrix, fast.</summary>
/// <remarks>Row by row, so that every inner loop is one dot product of two adjacent runs of numbers.</remarks>
internal static class PositiveSystem
{
    /// <summary>Solves A x = b by Cholesky's A = L Lᵀ.</summary>
    /// <param name="matrix">[n, n], row-major; its lower triangle is read, and becomes L.</param>
    /// <param name="right">b, n numbers; becomes x.</param>
    internal static void Solve(Span<double> matrix, Span<double> right)
    {
        var n = right.Length;
        for (var i = 0; i < n; i++)
        {
            var row = matrix.Slice(i * n, n);
            for (var j = 0; j < i; j++)
            {
                row[j] = (row[j] - FixedOrder.Dot<double>(row[..j], matrix.Slice(j * n, j))) / matrix[j * n + j];
            }

            row[i] = Math.Sqrt(row[i] - FixedOrder.Dot<double>(row[..i], row[..i]));
            right[i] = (right[i] - FixedOrder.Dot<double>(row[..i], right[..i])) / row[i];
        }

        for (var i = n - 1; i >= 0; i--)
        {
            var row = matrix.Slice(i * n, n);
            right[i] /= row[i];
            TensorPrimitives.MultiplyAdd(row[..i], -right[i], right[..i], right[..i]);
        }
    }
}
