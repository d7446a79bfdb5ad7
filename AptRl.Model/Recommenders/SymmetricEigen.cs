namespace AptRl.Model.Recommenders;

/// <summary>Turns a symmetric matrix until it is diagonal.</summary>
/// <remarks>
/// Cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, section 8.5). Written here because the same seed must
/// give the same model: with torch 2.10.0's linalg.eigh and matrix products two fits in one process ended in different bits.
/// </remarks>
internal static class SymmetricEigen
{
    private const int SweepsMax = 30;
    private const double Negligible = 1e-13;

    /// <param name="matrix">[n, n], row-major; used up.</param>
    /// <param name="n">Rows.</param>
    /// <returns>The eigenvalues, and the eigenvectors as the rows of [n, n].</returns>
    internal static (double[] Values, double[] Vectors) Of(double[] matrix, int n)
    {
        var vectors = new double[n * n];
        var trace = 0.0;
        for (var i = 0; i < n; i++)
        {
            vectors[i * n + i] = 1;
            trace += Math.Abs(matrix[i * n + i]);
        }

        for (var (sweep, turned) = (0, true); sweep < SweepsMax && turned; sweep++)
        {
            turned = false;
            for (var p = 0; p < n; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    if (Math.Abs(matrix[p * n + q]) > Negligible * trace)
                    {
                        turned = true;
                        Turn(matrix, vectors, n, p, q);
                    }
                }
            }
        }

        return ([.. Enumerable.Range(0, n).Select(i => matrix[i * n + i])], vectors);
    }

    /// <summary>The rotation in the plane of p and q that makes their element 0.</summary>
    private static void Turn(double[] matrix, double[] vectors, int n, int p, int q)
    {
        var slope = (matrix[q * n + q] - matrix[p * n + p]) / (2 * matrix[p * n + q]);
        var tangent = (slope < 0 ? -1 : 1) / (Math.Abs(slope) + Math.Sqrt(slope * slope + 1));
        var cosine = 1 / Math.Sqrt(tangent * tangent + 1);
        var sine = tangent * cosine;
        for (var k = 0; k < n; k++)
        {
            Rotate(ref matrix[p * n + k], ref matrix[q * n + k], cosine, sine);
        }

        for (var k = 0; k < n; k++)
        {
            Rotate(ref matrix[k * n + p], ref matrix[k * n + q], cosine, sine);
            Rotate(ref vectors[p * n + k], ref vectors[q * n + k], cosine, sine);
        }
    }

    private static void Rotate(ref double first, ref double second, double cosine, double sine)
        => (first, second) = (cosine * first - sine * second, sine * first + cosine * second);
}
