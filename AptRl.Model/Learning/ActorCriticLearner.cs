using System.Collections.Immutable;
using AptRl.Model.Exploration;

namespace AptRl.Model.Learning;

/// <summary>An actor-critic at rest.</summary>
/// <param name="Actor">φ.</param>
/// <param name="ActorSquares">Sums of squared gradients of φ.</param>
/// <param name="Critic">v.</param>
/// <param name="CriticSquares">Sums of squared gradients of v.</param>
public sealed record ActorCriticImage(
    ImmutableArray<double> Actor, ImmutableArray<double> ActorSquares, ImmutableArray<double> Critic, ImmutableArray<double> CriticSquares);

/// <summary>Learns the policy itself: a softmax over φ·x(s, i) that follows the gradient of its reward, off-policy and for slates.</summary>
/// <remarks>
/// For each item a of a slate, with reward r: φ += w·λ·(r - V(s))·(x_a - Σ π_i x_i), w = min(π/β, c), λ = K(1 - π)^(K-1):
/// Chen et al. 2019 (arXiv:1812.02353), eq. 3, 6 and 8. V(s) = v·Σ π_i x_i by TD(0): v += (r + γV' - V)·Σ π_i x_i (Sutton and
/// Barto 2018, section 13.5), V' being the value of the next slate as written in the log (<see cref="RewardType.Next"/>).
/// Differences: (1) the sums over all candidates are estimated from the slate itself, whose items were drawn with known
/// probability: Σ π_i x_i ≈ Σ p_j x_j with p_j ∝ exp(φ·x_j)/β_j, and π_a/β_a = K·p_a (the paper samples the softmax too); so a
/// lesson needs no features but those shown. (2) β is logged, not learned. (3) An item without a reward is a row with
/// reward 0: it counts when it is shown, and the reward adds to it when it comes, by the φ of then. (4) Steps are made at a
/// publication, on an integer sum.
/// </remarks>
public sealed class ActorCriticLearner : ILearner
{
    private readonly LearnerOptions _options;
    private readonly GradientSteps _actor;
    private readonly GradientSteps _critic;
    private long _rows;

    /// <summary>Knows nothing: every item is as likely.</summary>
    public ActorCriticLearner(LearnerOptions options)
        => (_options, _actor, _critic) = (options, new GradientSteps(), new GradientSteps());

    /// <summary>As it was.</summary>
    public ActorCriticLearner(ActorCriticImage image, LearnerOptions options)
        => (_options, _actor, _critic) = (
            options, new GradientSteps(image.Actor, image.ActorSquares), new GradientSteps(image.Critic, image.CriticSquares));

    /// <inheritdoc/>
    public LearnerKind Kind => LearnerKind.ActorCritic;

    /// <summary>φ.</summary>
    public ReadOnlySpan<double> Actor => _actor.Values;

    /// <summary>v.</summary>
    public ReadOnlySpan<double> Critic => _critic.Values;

    /// <inheritdoc/>
    public void Learn(Lesson lesson)
    {
        if (View(lesson.Shown) is { } slate)
        {
            _rows += lesson.Shown.Length;
            for (var position = 0; position < lesson.Shown.Length; position++)
            {
                Learn(slate, position, -slate.Value);
            }
        }

        if (View(lesson.Slate) is not { } earning)
        {
            return;
        }

        foreach (var rewarded in lesson.Rewarded)
        {
            for (var position = 0; position < lesson.Slate.Length; position++)
            {
                if (lesson.Slate[position].Item == rewarded.Item)
                {
                    Learn(earning, position, _options.Rewards.WorthOf(rewarded.Type) * rewarded.Amount / FeatureVector.One);
                }
            }
        }
    }

    /// <inheritdoc/>
    public void Publish()
    {
        var fading = Math.Max(0, 1 - _rows / _options.ActorCritic.Memory);
        _actor.Take(_options.ActorCritic.Step, fading);
        _critic.Take(_options.ActorCritic.CriticStep, fading);
        _rows = 0;
    }

    /// <summary>Everything in it; only right after <see cref="Publish"/>.</summary>
    public ActorCriticImage Image() => new([.. _actor.Values], [.. _actor.Squares], [.. _critic.Values], [.. _critic.Squares]);

    private void Learn(SlateView slate, int position, double advantage)
    {
        var count = slate.Features.Length;
        var ratio = Math.Min(count * slate.Shares[position], _options.ActorCritic.WeightMax);
        var probability = Math.Min(1, slate.Propensities[position] * count * slate.Shares[position]);
        var factor = ratio * count * PowerOf(1 - probability, count - 1) * advantage;
        Span<double> direction = stackalloc double[FeatureVector.Length];
        for (var i = 0; i < direction.Length; i++)
        {
            direction[i] = slate.Features[position][i] - slate.Mean[i];
        }

        _actor.Add(factor, direction);
        _critic.Add(advantage, slate.Mean);
    }

    private SlateView? View(ImmutableArray<ShownItem> shown)
    {
        if (shown.IsEmpty || shown.Any(item => item.Propensity <= 0))
        {
            return null;
        }

        var features = shown.Select(item => Numbers(item.Features)).ToArray();
        var preferences = features.Select(Preference).ToArray();
        var most = preferences.Max();
        var shares = new double[shown.Length];
        var sum = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = FixedExponential.Of(preferences[i] - most) / shown[i].Propensity;
            sum += shares[i];
        }

        var mean = new double[FeatureVector.Length];
        var value = 0.0;
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] /= sum;
            for (var j = 0; j < mean.Length; j++)
            {
                mean[j] += shares[i] * features[i][j];
            }
        }

        for (var j = 0; j < mean.Length; j++)
        {
            value += _critic.Values[j] * mean[j];
        }

        return new SlateView(features, [.. shown.Select(item => item.Propensity)], shares, mean, value);
    }

    // One after the other and in double: a library's dot product adds in an order that depends on the machine.
    private double Preference(double[] features)
    {
        var sum = 0.0;
        for (var i = 0; i < features.Length; i++)
        {
            sum += _actor.Values[i] * features[i];
        }

        return sum;
    }

    private static double PowerOf(double number, int exponent)
    {
        var power = 1.0;
        for (var i = 0; i < exponent; i++)
        {
            power *= number;
        }

        return power;
    }

    private static double[] Numbers(FeatureVector features)
    {
        var numbers = new double[FeatureVector.Length];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = features.Units[i] * (1.0 / FeatureVector.One);
        }

        return numbers;
    }

    private sealed record SlateView(double[][] Features, double[] Propensities, double[] Shares, double[] Mean, double Value);
}
