using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Learning;

/// <summary>A deep Q-network at rest.</summary>
/// <param name="Network">Numbers of the learner.</param>
/// <param name="Judge">Numbers of the judge of its targets.</param>
/// <param name="Means">Adam's running means of the gradient.</param>
/// <param name="Squares">Adam's running means of its squares.</param>
/// <param name="Steps">Steps taken.</param>
/// <param name="Owed">Items shown that no step was made for yet.</param>
/// <param name="Missed">Rewards that came when their slate was forgotten.</param>
/// <param name="Slates">What it remembers, oldest first.</param>
public sealed record DeepQImage(
    ImmutableArray<float> Network, ImmutableArray<float> Judge, ImmutableArray<float> Means, ImmutableArray<float> Squares,
    long Steps, long Owed, long Missed, ImmutableArray<RememberedSlate> Slates);

/// <summary>Learns what items are worth by a small dueling network, by double Q-learning from remembered slates.</summary>
/// <remarks>
/// Mnih et al. 2015 with the double target of van Hasselt et al. 2016 (arXiv:1509.06461) and the dueling network of Wang et al. 2016
/// (arXiv:1511.06581); <see cref="DeepQNetwork"/> and <see cref="DeepQGradient"/> have the equations, docs/algorithms/deep-q.md the
/// differences. It is fine-tuned from the log: folded over a journal that another learner wrote it learns from all of it, step by
/// step as if it had been there. Lessons between two publications may come in any order; steps are made at a publication. The same
/// journal gives the same bits on machines with the same arithmetic, as the library's sums depend on the width of vectors.
/// </remarks>
public sealed class DeepQLearner : ILearner
{
    private const double First = 0.9;
    private const double Second = 0.999;
    private const double Epsilon = 1e-8;

    private readonly LearnerOptions _options;
    private readonly SlateMemory _memory;
    private readonly float[] _means;
    private readonly float[] _squares;
    private DeepQNetwork _judge;
    private long _steps;
    private long _owed;

    /// <summary>Knows nothing: everything is worth 0.</summary>
    public DeepQLearner(LearnerOptions options)
        : this(Fresh(options), options)
    {
    }

    /// <summary>As it was.</summary>
    /// <exception cref="ArgumentException">The numbers are of a network of other features or another width.</exception>
    public DeepQLearner(DeepQImage image, LearnerOptions options)
    {
        (_options, Network, _judge) = (options, new DeepQNetwork(image.Network.AsSpan()), new DeepQNetwork(image.Judge.AsSpan()));
        if (Network.Width != options.DeepQ.Width)
        {
            throw new ArgumentException(
                $"the network has {Network.Width} hidden units and {options.DeepQ.Width} are asked for: ask for {Network.Width}, or delete the snapshots file, the journal rebuilds it");
        }

        (_means, _squares) = ([.. image.Means], [.. image.Squares]);
        (_steps, _owed) = (image.Steps, image.Owed);
        _memory = new SlateMemory(options.DeepQ.SlatesMax, image.Slates, image.Missed);
    }

    /// <inheritdoc/>
    public LearnerKind Kind => LearnerKind.DeepQ;

    /// <summary>The network as it is now.</summary>
    public DeepQNetwork Network { get; private set; }

    /// <summary>Steps taken.</summary>
    public long Steps => _steps;

    /// <inheritdoc/>
    public void Learn(Lesson lesson) => _memory.Add(lesson);

    /// <inheritdoc/>
    public void Publish()
    {
        _owed += _memory.Close();
        for (var made = 0; made < _options.DeepQ.StepsMax && _owed >= _options.DeepQ.RowsPerStep; made++)
        {
            _owed -= _options.DeepQ.RowsPerStep;
            Step();
        }
    }

    /// <summary>Everything in it; only right after <see cref="Publish"/>.</summary>
    public DeepQImage Image() => new(
        [.. Network.Numbers], [.. _judge.Numbers], [.. _means], [.. _squares], _steps, _owed, _memory.Missed, [.. _memory.Slates]);

    private static DeepQImage Fresh(LearnerOptions options)
    {
        ImmutableArray<float> numbers = [.. DeepQNetwork.Fresh(options.DeepQ.Width, options.DeepQ.Seed).Numbers];
        ImmutableArray<float> nothing = [.. new float[numbers.Length]];
        return new DeepQImage(numbers, numbers, nothing, nothing, 0, 0, 0, []);
    }

    private void Step()
    {
        _steps++;
        var chance = new Chance(_options.DeepQ.Seed).Split("batch").Split((ulong)_steps);
        var slates = new RememberedSlate[_options.DeepQ.BatchSlates];
        for (var i = 0; i < slates.Length; i++)
        {
            slates[i] = _memory.Slates[chance.Next(_memory.Slates.Count)];
        }

        Move(DeepQGradient.Of(Network, slates, DeepQGradient.Targets(slates, _options.Rewards, Network, _judge)));
        if (_steps % _options.DeepQ.TargetEvery == 0)
        {
            _judge = Network;
        }
    }

    // Adam: Kingma and Ba 2015, algorithm 1 (arXiv:1412.6980). Number by number, so that its state is a part of the image.
    private void Move(float[] gradient)
    {
        var numbers = Network.Numbers.ToArray();
        var size = _options.DeepQ.Step * Math.Sqrt(1 - Math.Pow(Second, _steps)) / (1 - Math.Pow(First, _steps));
        for (var i = 0; i < numbers.Length; i++)
        {
            _means[i] = (float)(First * _means[i] + (1 - First) * gradient[i]);
            _squares[i] = (float)(Second * _squares[i] + (1 - Second) * gradient[i] * gradient[i]);
            numbers[i] -= (float)(size * _means[i] / (Math.Sqrt(_squares[i]) + Epsilon));
        }

        Network = new DeepQNetwork(numbers);
    }
}
