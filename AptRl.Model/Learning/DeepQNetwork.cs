using System.Numerics.Tensors;
using AptRl.Model.Events;

namespace AptRl.Model.Learning;

/// <summary>A small dueling network over the features of a slate: what each item of it is worth. Immutable.</summary>
/// <remarks>
/// With x_i the features of item i, x̄ their mean over the slate and h(x) = silu(W x + b):
/// <code>
/// A(i) = a · h(x_i)      V = v · h(x̄) + c      Q(i) = V + A(i) - mean over the slate of A
/// </code>
/// Wang et al. 2016, eq. 9 (arXiv:1511.06581). Differences: the mean is over the items of the slate and not over all actions, of
/// which a shop has too many; and V reads the mean of what is shown, since features describe a user and an item together.
/// Numbers are kept in one row: W [H, F], b [H], a [H], v [H], c.
/// </remarks>
public sealed class DeepQNetwork
{
    private const int Features = FeatureVector.Length;

    private readonly float[] _numbers;

    /// <summary>A network with these numbers.</summary>
    /// <exception cref="ArgumentException">They are not (F + 3)·H + 1 for any H.</exception>
    public DeepQNetwork(ReadOnlySpan<float> numbers)
    {
        if (numbers.Length < Features + 4 || (numbers.Length - 1) % (Features + 3) != 0)
        {
            throw new ArgumentException($"{numbers.Length} numbers are no network over {Features} features: it is of another version");
        }

        (_numbers, Width) = (numbers.ToArray(), (numbers.Length - 1) / (Features + 3));
    }

    /// <summary>Hidden units, H.</summary>
    public int Width { get; }

    /// <summary>All numbers, in their order.</summary>
    public ReadOnlySpan<float> Numbers => _numbers;

    /// <summary>Numbers of a network with so many hidden units.</summary>
    public static int LengthOf(int width) => (Features + 3) * width + 1;

    /// <summary>A network that has learned nothing: W is drawn (He et al. 2015, arXiv:1502.01852), a and v are 0, so that everything is worth 0.</summary>
    public static DeepQNetwork Fresh(int width, ulong seed)
    {
        var numbers = new float[LengthOf(width)];
        var chance = new Chance(seed).Split("weights");
        for (var i = 0; i < width * Features; i++)
        {
            numbers[i] = (float)(chance.NextNormal() * Math.Sqrt(2.0 / Features));
        }

        return new DeepQNetwork(numbers);
    }

    /// <summary>A of one item.</summary>
    /// <param name="features">[F]</param>
    public float Advantage(ReadOnlySpan<float> features) => Read(features, Width * (Features + 1));

    /// <summary>Q of each candidate, in units of reward, the slate being the best <paramref name="slate"/> of them.</summary>
    /// <param name="rows">[N, F], as if each stood first.</param>
    /// <param name="slate">Items of the slate.</param>
    public float[] Values(ReadOnlySpan<float> rows, int slate)
    {
        var values = new float[rows.Length / Features];
        for (var row = 0; row < values.Length; row++)
        {
            values[row] = Advantage(rows.Slice(row * Features, Features));
        }

        var best = Enumerable.Range(0, values.Length).OrderByDescending(row => values[row]).Take(slate).ToArray();
        if (best.Length == 0)
        {
            return values;
        }

        Span<float> mean = stackalloc float[Features];
        mean.Clear();
        var advantage = 0f;
        foreach (var row in best)
        {
            TensorPrimitives.Add(mean, rows.Slice(row * Features, Features), mean);
            advantage += values[row];
        }

        TensorPrimitives.Divide(mean, best.Length, mean);
        var shift = Read(mean, Width * (Features + 2)) + _numbers[^1] - advantage / best.Length;
        TensorPrimitives.Add(values, shift, values);
        return values;
    }

    private float Read(ReadOnlySpan<float> features, int output)
    {
        var sum = 0f;
        for (var unit = 0; unit < Width; unit++)
        {
            var hidden = TensorPrimitives.Dot(features, _numbers.AsSpan(unit * Features, Features)) + _numbers[Width * Features + unit];
            sum += _numbers[output + unit] * hidden / (1 + MathF.Exp(-hidden));
        }

        return sum;
    }
}
