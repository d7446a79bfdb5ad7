using AptRl.Model.Events;
using AptRl.Model.OffPolicy.Slates;

namespace AptRl.Model.OffPolicy.Synthetic;

/// <summary>A page that is read from the top, by a few kinds of visitors, small enough that the truth is a sum.</summary>
/// <remarks>
/// A visitor of kind t who has read down to position k clicks what stands there with probability σ(base(t, a) + contrast(a above,
/// a) - 0.4 k), and leaves after a click with probability ½. So what a position earns depends on those above it, and on no other:
/// the cascade assumption holds, the independence that position-wise estimation needs does not.
/// </remarks>
public sealed class CascadeWorld
{
    private const int Kinds = 4;
    private const int Items = 6;
    private const double LeaveAfterClick = 0.5;

    private readonly double[,] _base = new double[Kinds, Items];
    private readonly double[,] _contrast = new double[Items, Items];
    private readonly double[,] _logging = new double[Kinds, Items];

    /// <summary>A world with tastes of its own.</summary>
    public CascadeWorld(ulong seed)
    {
        var chance = new Chance(seed).Split("cascade");
        for (var item = 0; item < Items; item++)
        {
            for (var kind = 0; kind < Kinds; kind++)
            {
                (_base[kind, item], _logging[kind, item]) = (0.8 * chance.NextNormal() - 1, 0.7 * chance.NextNormal());
            }

            for (var other = 0; other < Items; other++)
            {
                _contrast[other, item] = 0.7 * chance.NextNormal();
            }
        }

        Logging = new Drawn("logging", _logging, 1);
        Target = new Drawn("target", _base, 1.5);
    }

    /// <summary>Positions of a slate.</summary>
    public const int Positions = 3;

    /// <summary>The policy that makes the log: Plackett-Luce over numbers that have nothing to do with taste.</summary>
    public ISlatePolicy Logging { get; }

    /// <summary>The policy that is asked about: Plackett-Luce that knows the tastes.</summary>
    public ISlatePolicy Target { get; }

    /// <summary>Draws a log.</summary>
    /// <param name="count">How many slates; each is a cluster.</param>
    /// <param name="chance">Draws visitors, slates and clicks.</param>
    public IReadOnlyList<LoggedSlate> Draw(int count, Chance chance)
    {
        var slates = new LoggedSlate[count];
        Span<double> probabilities = stackalloc double[Items];
        Span<bool> shown = stackalloc bool[Items];
        for (var i = 0; i < count; i++)
        {
            var kind = chance.Next(Kinds);
            var places = new LoggedPlace[Positions];
            shown.Clear();
            var reads = true;
            for (var position = 0; position < Positions; position++)
            {
                ((Drawn)Logging).FillNext(kind, shown, probabilities);
                var item = PositionMarginals.Draw(probabilities, chance.NextDouble());
                var clicks = chance.NextDouble() < ClickRate(kind, item, position > 0 ? places[position - 1].Candidate : -1, position);
                var leaves = chance.NextDouble() < LeaveAfterClick;
                places[position] = new LoggedPlace(item, probabilities[item], reads && clicks ? 1 : 0);
                reads &= !(clicks && leaves);
                shown[item] = true;
            }

            slates[i] = new LoggedSlate(i, OneHot(kind, Kinds), Candidates, [], 0, [], places);
        }

        return slates;
    }

    /// <summary>Clicks a slate that a policy of this world earns: the sum over kinds and all slates.</summary>
    public double ValueOf(ISlatePolicy policy)
        => Enumerable.Range(0, Kinds).Sum(kind => Earned((Drawn)policy, kind, new bool[Items], -1, 0)) / Kinds;

    private static float[][] Candidates { get; } = [.. Enumerable.Range(0, Items).Select(item => OneHot(item, Items))];

    private double Earned(Drawn policy, int kind, bool[] shown, int above, int position)
    {
        if (position == Positions)
        {
            return 0;
        }

        var probabilities = new double[Items];
        policy.FillNext(kind, shown, probabilities);
        var sum = 0.0;
        for (var item = 0; item < Items; item++)
        {
            if (!shown[item])
            {
                var rate = ClickRate(kind, item, above, position);
                shown[item] = true;
                sum += probabilities[item] * (rate + (1 - LeaveAfterClick * rate) * Earned(policy, kind, shown, item, position + 1));
                shown[item] = false;
            }
        }

        return sum;
    }

    private double ClickRate(int kind, int item, int above, int position)
        => 1 / (1 + Math.Exp(-(_base[kind, item] + (above < 0 ? 0 : _contrast[above, item]) - 0.4 * position)));

    private static float[] OneHot(int at, int length) => [.. Enumerable.Range(0, length).Select(i => i == at ? 1f : 0f)];

    private sealed class Drawn(string name, double[,] values, double inverseTemperature) : ISlatePolicy
    {
        public string Name => name;

        public void FillNext(LoggedSlate slate, ReadOnlySpan<bool> shown, Span<double> probabilities)
        {
            var kind = 0;
            while (slate.Context[kind] == 0)
            {
                kind++;
            }

            FillNext(kind, shown, probabilities);
        }

        public void FillNext(int kind, ReadOnlySpan<bool> shown, Span<double> probabilities)
        {
            var sum = 0.0;
            for (var item = 0; item < Items; item++)
            {
                sum += probabilities[item] = shown[item] ? 0 : Math.Exp(inverseTemperature * values[kind, item]);
            }

            for (var item = 0; item < Items; item++)
            {
                probabilities[item] /= sum;
            }
        }
    }
}
