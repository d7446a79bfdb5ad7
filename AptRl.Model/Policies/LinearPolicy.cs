using System.Collections.Immutable;
using System.Numerics.Tensors;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Model.Policies;

/// <summary>A published policy: the learner's parameters, solved, with the counts and sessions that features read.</summary>
/// <remarks>
/// Immutable but for <see cref="Sessions"/>, which all policies of a learner share and which moves on with each publication.
/// θ = (Σ x xᵀ + λI)⁻¹ Σ y x, Hoerl and Kennard 1970; width √(xᵀ(Σ x xᵀ + λI)⁻¹x), Li et al. 2010 (arXiv:1003.0146), eq. 4.
/// </remarks>
public sealed class LinearPolicy
{
    private const int Length = FeatureVector.Length;
    private const double Unit = 1.0 / FeatureVector.One;

    private readonly float[] _theta;
    private readonly float[] _inverse;
    private readonly float[] _root;
    private float[]? _preferences;

    private LinearPolicy(LinearPolicy other)
        : this(other.Version, other._theta, other._inverse, other._root, other.Rows, other.Counts, other.Sessions, other.Popular)
        => (_preferences, Network, Overexposed) = (other._preferences, other.Network, other.Overexposed);

    private LinearPolicy(
        long version, float[] theta, float[] inverse, float[] root, double rows, ImmutableDictionary<ItemId, ItemCounts> counts,
        LiveSessions sessions, ImmutableArray<ItemId> popular)
    {
        (Version, _theta, _inverse, _root, Rows) = (version, theta, inverse, root, rows);
        (Counts, Sessions, Popular) = (counts, sessions, popular);
    }

    /// <summary>Number of the publication, from 0 for the policy that knows nothing.</summary>
    public long Version { get; }

    /// <summary>θ, in units of reward.</summary>
    public ReadOnlySpan<float> Parameters => _theta;

    /// <summary>Evidence: shown items that it learned from, discounted by age.</summary>
    public double Rows { get; }

    /// <summary>What is counted of each item.</summary>
    public ImmutableDictionary<ItemId, ItemCounts> Counts { get; }

    /// <summary>The shop's sessions, to be asked what comes next.</summary>
    public LiveSessions Sessions { get; }

    /// <summary>The most touched items of the last week, most first.</summary>
    public ImmutableArray<ItemId> Popular { get; }

    /// <summary>Solves the regression.</summary>
    /// <param name="version">Number of the publication.</param>
    /// <param name="gram">Σ x xᵀ in units of 2⁻²⁴, upper triangle row by row.</param>
    /// <param name="sums">Σ y x in units of 2⁻²⁴, rewards weighted and added.</param>
    /// <param name="ridge">λ, positive.</param>
    /// <param name="rows">Evidence.</param>
    /// <param name="counts">What is counted of each item.</param>
    /// <param name="sessions">The shop's sessions.</param>
    /// <param name="popular">The most touched items.</param>
    public static LinearPolicy Solve(
        long version, ReadOnlySpan<double> gram, ReadOnlySpan<double> sums, double ridge, double rows,
        ImmutableDictionary<ItemId, ItemCounts> counts, LiveSessions sessions, ImmutableArray<ItemId> popular)
    {
        var matrix = new double[Length, Length];
        var at = 0;
        for (var i = 0; i < Length; i++)
        {
            for (var j = i; j < Length; j++)
            {
                matrix[j, i] = gram[at++] * (Unit * Unit);
            }

            matrix[i, i] += ridge;
        }

        var right = new double[Length];
        for (var i = 0; i < Length; i++)
        {
            right[i] = sums[i] * (Unit * Unit);
        }

        Cholesky.Factor(matrix);
        var theta = Cholesky.Solve(matrix, right);
        var inverse = new float[Length * Length];
        var root = new float[Length * Length];
        for (var column = 0; column < Length; column++)
        {
            var unit = new double[Length];
            unit[column] = 1;
            var solved = Cholesky.Solve(matrix, unit);
            var halfway = Cholesky.SolveUpper(matrix, unit);
            for (var row = 0; row < Length; row++)
            {
                inverse[row * Length + column] = (float)solved[row];
                root[row * Length + column] = (float)halfway[row];
            }
        }

        return new LinearPolicy(version, [.. theta.Select(value => (float)value)], inverse, root, rows, counts, sessions, popular);
    }

    /// <summary>Whether items are ranked by the preferences of an actor and not by their values.</summary>
    public bool HasPreferences => _preferences is not null;

    /// <summary>Items that stood in more of the last slates than they may.</summary>
    public ImmutableHashSet<ItemId> Overexposed { get; private init; } = [];

    /// <summary>The same policy, leaving these items out.</summary>
    public LinearPolicy Without(ImmutableHashSet<ItemId> overexposed)
        => new(this) { Overexposed = overexposed };

    /// <summary>Says what items are worth instead of the regression; null where the regression does.</summary>
    public DeepQNetwork? Network { get; private init; }

    /// <summary>The same policy, ranking by a network's values; the value of a slate and widths stay those of the regression.</summary>
    public LinearPolicy ValuedBy(DeepQNetwork network) => new(this) { Network = network };

    /// <summary>The same policy, ranking by these parameters of an actor; values stay those of the regression.</summary>
    /// <param name="preferences"><see cref="FeatureVector.Length"/> numbers.</param>
    public LinearPolicy RankedBy(ReadOnlySpan<double> preferences)
    {
        var numbers = new float[Length];
        for (var i = 0; i < Length; i++)
        {
            numbers[i] = (float)preferences[i];
        }

        return new LinearPolicy(this) { _preferences = numbers };
    }

    /// <summary>Log-preference of an item, where the policy has preferences: softmax of it is the probability of showing it.</summary>
    /// <param name="features">As for <see cref="Mean"/>.</param>
    public float Preference(ReadOnlySpan<float> features) => TensorPrimitives.Dot(features, _preferences);

    /// <summary>Expected reward of showing an item, in units of reward.</summary>
    /// <param name="features">The features as numbers; <see cref="FeatureVector.Length"/> of them, rounded as <see cref="FeatureVector"/> rounds.</param>
    public float Mean(ReadOnlySpan<float> features) => TensorPrimitives.Dot(features, _theta);

    /// <summary>Standard error of <see cref="Mean"/> in units of the noise's standard deviation.</summary>
    /// <param name="features">As for <see cref="Mean"/>.</param>
    public float Width(ReadOnlySpan<float> features)
    {
        var sum = 0f;
        for (var row = 0; row < Length; row++)
        {
            sum += features[row] * TensorPrimitives.Dot(features, _inverse.AsSpan(row * Length, Length));
        }

        return MathF.Sqrt(Math.Max(sum, 0));
    }

    /// <summary>One draw of θ ~ N(θ̂, σ²A⁻¹), A = Σ x xᵀ + λI.</summary>
    /// <remarks>θ̂ + σL⁻ᵀz with A = LLᵀ and z standard normal: its covariance is σ²L⁻ᵀL⁻¹ = σ²A⁻¹.</remarks>
    /// <param name="scale">σ.</param>
    /// <param name="chance">Moves on by the numbers drawn.</param>
    /// <param name="theta">Where it goes; <see cref="FeatureVector.Length"/> numbers.</param>
    public void Draw(double scale, ref Chance chance, Span<float> theta)
    {
        Span<float> normal = stackalloc float[Length];
        for (var i = 0; i < Length; i++)
        {
            normal[i] = (float)(scale * chance.NextNormal());
        }

        for (var row = 0; row < Length; row++)
        {
            theta[row] = _theta[row] + TensorPrimitives.Dot(normal, _root.AsSpan(row * Length, Length));
        }
    }
}
