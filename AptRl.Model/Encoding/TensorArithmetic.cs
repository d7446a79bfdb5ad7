using TorchSharp;
using static TorchSharp.torch;

namespace AptRl.Model.Encoding;

/// <summary>Arithmetic in which a number outlives the operation that reads it.</summary>
/// <remarks>
/// TorchSharp 0.107.0 hands a number's native handle to the library without keeping the object alive, the hidden factor 1
/// of a + b and of a + 2 included: when the garbage collector runs in that moment, the finaliser frees what is being read
/// ("Expected false to be true" from Scalar.h: 35 of 1.4 million a.add(b) while two threads made garbage). So neither
/// <c>add</c> without its factor nor any operation with a plain number is used on a tensor; these are.
/// </remarks>
internal static class TensorArithmetic
{
    private static readonly Scalar One = 1f.ToScalar();
    private static readonly Scalar MinusOne = (-1f).ToScalar();

    internal static Tensor Plus(this Tensor left, Tensor right) => left.add(right, One);

    internal static Tensor Minus(this Tensor left, Tensor right) => left.add(right, MinusOne);

    internal static Tensor Times(this Tensor left, double factor)
    {
        using var number = ((float)factor).ToScalar();
        return left.mul(number);
    }

    internal static Tensor PlusNumber(this Tensor left, double right)
    {
        using var number = ((float)right).ToScalar();
        return left.add(number, One);
    }

    internal static Tensor IsNumber(this Tensor left, long right)
    {
        using var number = right.ToScalar();
        return left.eq(number);
    }

    internal static Tensor IsAtLeast(this Tensor left, double right)
    {
        using var number = right.ToScalar();
        return left.ge(number);
    }

    internal static Tensor IsBelow(this Tensor left, double right)
    {
        using var number = right.ToScalar();
        return left.lt(number);
    }

    internal static Tensor Filled(this Tensor left, Tensor where, double by)
    {
        using var number = ((float)by).ToScalar();
        return left.masked_fill(where, number);
    }

    /// <summary>Vectors of length 1: x/√(Σx² + 10⁻¹²), along the last dimension.</summary>
    internal static Tensor Unit(this Tensor vectors)
    {
        using var scope = NewDisposeScope();
        var length = vectors.mul(vectors).sum(-1, keepdim: true).PlusNumber(1e-12).sqrt();
        return vectors.div(length).MoveToOuterDisposeScope();
    }
}
