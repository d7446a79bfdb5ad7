namespace AptRl.Model.Policies;

/// <summary>Solves systems with a symmetric positive definite matrix, in double, with a fixed order of operations.</summary>
/// <remarks>
/// Written here because a published policy must have the same bits on every machine: a library's blocked or fused
/// kernels promise no order. A is at most a few dozen rows.
/// </remarks>
internal static class Cholesky
{
    /// <summary>Replaces the lower triangle of A by L with L Lᵀ = A.</summary>
    public static void Factor(double[,] matrix)
    {
        var n = matrix.GetLength(0);
        for (var j = 0; j < n; j++)
        {
            var diagonal = matrix[j, j];
            for (var k = 0; k < j; k++)
            {
                diagonal -= matrix[j, k] * matrix[j, k];
            }

            diagonal = Math.Sqrt(diagonal);
            matrix[j, j] = diagonal;
            for (var i = j + 1; i < n; i++)
            {
                var sum = matrix[i, j];
                for (var k = 0; k < j; k++)
                {
                    sum -= matrix[i, k] * matrix[j, k];
                }

                matrix[i, j] = sum / diagonal;
            }
        }
    }

    /// <summary>x with L Lᵀ x = b.</summary>
    public static double[] Solve(double[,] factor, ReadOnlySpan<double> right)
    {
        var n = right.Length;
        var x = right.ToArray();
        for (var i = 0; i < n; i++)
        {
            for (var k = 0; k < i; k++)
            {
                x[i] -= factor[i, k] * x[k];
            }

            x[i] /= factor[i, i];
        }

        return SolveUpper(factor, x);
    }

    /// <summary>x with Lᵀ x = b.</summary>
    public static double[] SolveUpper(double[,] factor, ReadOnlySpan<double> right)
    {
        var n = right.Length;
        var x = right.ToArray();
        for (var i = n - 1; i >= 0; i--)
        {
            for (var k = i + 1; k < n; k++)
            {
                x[i] -= factor[k, i] * x[k];
            }

            x[i] /= factor[i, i];
        }

        return x;
    }
}
