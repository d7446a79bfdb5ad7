using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Windows;

namespace AptRl.Model.Heads;

/// <summary>What each touch of a log earned, and whether its session went on: the transitions that the heads learn from.</summary>
/// <remarks>
/// Touches are numbered through all sequences in their order. A session ends where more than 30 minutes pass, or with what
/// is logged: nothing is credited across that gap. (The published set-ups take a visitor's 4.5 months for one session.)
/// </remarks>
internal sealed class LoggedReturns
{
    private static readonly long GapSeconds = (long)new WindowOptions().SessionGap.TotalSeconds;

    private readonly int[] _first;
    private readonly float[] _rewards;
    private readonly bool[] _ends;

    /// <param name="sequences">The log.</param>
    /// <param name="options">Tells what a touch earns.</param>
    /// <param name="seed">Decides how rewards are shuffled, where they are.</param>
    internal LoggedReturns(IReadOnlyList<IndexedTouch[]> sequences, ValueOptions options, ulong seed)
    {
        _first = new int[sequences.Count];
        var count = sequences.Sum(touches => touches.Length);
        (_rewards, _ends) = (new float[count], new bool[count]);
        var from = 0;
        for (var sequence = 0; sequence < sequences.Count; sequence++)
        {
            var touches = sequences[sequence];
            _first[sequence] = from;
            for (var at = 0; at < touches.Length; at++)
            {
                _rewards[from + at] = RewardOf(touches[at].Kind, options.RewardWeights);
                _ends[from + at] = at == touches.Length - 1 || touches[at + 1].Seconds - touches[at].Seconds > GapSeconds;
            }

            if (options.ShufflesRewards)
            {
                Shuffle(_rewards.AsSpan(from, touches.Length), new Chance(seed).Split("rewards").Split((ulong)sequence));
            }

            from += touches.Length;
        }
    }

    /// <summary>r of each touch.</summary>
    internal ReadOnlySpan<float> Rewards => _rewards;

    /// <summary>Whether the session ends with a touch.</summary>
    internal ReadOnlySpan<bool> Ends => _ends;

    /// <summary>Where a sequence's first touch stands.</summary>
    internal int FirstOf(int sequence) => _first[sequence];

    /// <summary>Σ γᵏ r over the touch and those after it in its session: what Q estimates, as it came.</summary>
    internal float[] Returns(double discount)
    {
        var returns = new float[_rewards.Length];
        for (var at = returns.Length - 1; at >= 0; at--)
        {
            returns[at] = _rewards[at] + (_ends[at] ? 0 : (float)discount * returns[at + 1]);
        }

        return returns;
    }

    /// <summary>How many touches the session still has from each on, that one included, scaled to the mean of the returns.</summary>
    internal float[] ScaledCounts(double discount)
    {
        var counts = new float[_rewards.Length];
        for (var at = counts.Length - 1; at >= 0; at--)
        {
            counts[at] = 1 + (_ends[at] ? 0 : counts[at + 1]);
        }

        // Of the logarithm, so that one session of a thousand touches does not make the loss.
        float[] logarithms = Array.ConvertAll(counts, count => (float)Math.Log(1 + count));
        var scale = counts.Length == 0 ? 1 : Returns(discount).Average() / logarithms.Average();
        return Array.ConvertAll(logarithms, logarithm => scale * logarithm);
    }

    /// <summary>What a touch of a kind earns; a removal or refund takes back, and a kind without a reward earns nothing.</summary>
    internal static float RewardOf(byte kind, IReadOnlyList<double> weights)
        => Attribution.TypeOf((InteractionKind)kind) is var (type, sign) ? (float)(sign * weights[(int)type]) : 0;

    private static void Shuffle(Span<float> values, Chance chance)
    {
        for (var i = values.Length - 1; i > 0; i--)
        {
            var j = chance.Next(i + 1);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }
}
