using AptRl.Model.Evaluation;

namespace AptRl.Host.Learning;

/// <summary>Sums of one policy: over time and over users. Not safe for use by several threads at once.</summary>
internal sealed class PolicyTally(string name)
{
    /// <summary>Groups of users that intervals are made of: a user is always in the same one, and memory does not grow with users.</summary>
    public const int GroupCount = 1_024;

    private readonly Step[] _steps = new Step[LearningTally.StepsMax];
    private readonly double[] _decisions = new double[GroupCount];
    private readonly double[] _clicked = new double[GroupCount];
    private readonly double[] _rewards = new double[GroupCount];
    private Step _sum;
    private bool _knowsTruth;

    public void Decided(int step, int group)
    {
        _steps[step].Decisions++;
        _sum.Decisions++;
        _decisions[group]++;
    }

    /// <param name="clicks">+1 where the slate has its first click, -1 where its last was taken back.</param>
    public void Rewarded(int step, int group, int clicks, double reward)
    {
        _steps[step].Clicked += clicks;
        _steps[step].Reward += reward;
        _sum.Clicked += clicks;
        _sum.Reward += reward;
        _clicked[group] += clicks;
        _rewards[group] += reward;
    }

    public void Truth(int step, double expected, double best)
    {
        _knowsTruth = true;
        _steps[step].AddTruth(expected, best);
        _sum.AddTruth(expected, best);
    }

    /// <summary>Makes one step of each two.</summary>
    public void Halve()
    {
        for (var step = 0; step < _steps.Length / 2; step++)
        {
            _steps[step] = Step.Sum(_steps[2 * step], _steps[2 * step + 1]);
        }

        Array.Clear(_steps, _steps.Length / 2, _steps.Length / 2);
    }

    public PolicyLearning Report(int stepCount)
    {
        var steps = _steps.AsSpan(0, stepCount).ToArray();
        var ctr = _sum.Clicked <= 0 || _sum.Clicked >= _sum.Decisions
            ? WilsonInterval.Of(Math.Clamp(_sum.Clicked, 0, _sum.Decisions), _sum.Decisions)
            : Within01(RatioInterval.Of(_clicked, _decisions));
        return new PolicyLearning(
            name, _sum.Decisions, _sum.Clicked, Rounded(ctr), Rounded(RatioInterval.Of(_rewards, _decisions)),
            _knowsTruth ? new TruthReport(Round(_sum.Expected / _sum.Known), Round(_sum.Best / _sum.Known), Round(_sum.Best - _sum.Expected)) : null,
            new PolicySeries(
                [.. steps.Select(step => step.Decisions)],
                [.. steps.Select(step => step.Clicked)],
                [.. steps.Select(step => Round(step.Reward))],
                _knowsTruth ? [.. steps.Select(step => step.Mean(step.Expected))] : null,
                _knowsTruth ? [.. steps.Select(step => step.Mean(step.Best))] : null));
    }

    private static ConfidenceInterval Within01(ConfidenceInterval interval)
        => interval with { Low = Math.Max(0, interval.Low), High = Math.Min(1, interval.High) };

    private static ConfidenceInterval Rounded(ConfidenceInterval interval) => new(Round(interval.Mean), Round(interval.Low), Round(interval.High));

    // A stream of figures a second: more digits than a picture shows are only bytes.
    private static double Round(double number) => Math.Round(number, 5);

    private struct Step
    {
        public long Decisions;
        public long Clicked;
        public double Reward;
        public double Expected;
        public double Best;
        public long Known;

        public void AddTruth(double expected, double best)
        {
            Expected += expected;
            Best += best;
            Known++;
        }

        public readonly double? Mean(double sum) => Known == 0 ? null : Round(sum / Known);

        public static Step Sum(Step left, Step right) => new()
        {
            Decisions = left.Decisions + right.Decisions,
            Clicked = left.Clicked + right.Clicked,
            Reward = left.Reward + right.Reward,
            Expected = left.Expected + right.Expected,
            Best = left.Best + right.Best,
            Known = left.Known + right.Known,
        };
    }
}
