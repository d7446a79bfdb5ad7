using AptRl.Model.Datasets;

namespace AptRl.Model.Mixing;

/// <summary>How often items are touched, lately and ever, and how often they are touched again.</summary>
internal sealed class ItemFacts
{
    private readonly int[] _counts;
    private readonly int[] _eighth;
    private readonly int[] _fortieth;
    private readonly int[] _repeats;
    private readonly int[] _returns;

    internal ItemFacts(TrainingPart part)
    {
        var items = part.Items.Length;
        (_counts, _eighth, _fortieth, _repeats, _returns) = (new int[items], new int[items], new int[items], new int[items], new int[items]);
        var seen = new HashSet<int>();
        for (var sequence = 0; sequence < part.Sequences.Count; sequence++)
        {
            var (touches, age) = (part.Sequences[sequence], part.Sequences.Count - sequence);
            seen.Clear();
            for (var at = 0; at < touches.Length; at++)
            {
                if (touches[at].Item is not (>= 0 and var item))
                {
                    continue;
                }

                _counts[item]++;
                _eighth[item] += age <= part.Sequences.Count / 8 ? 1 : 0;
                _fortieth[item] += age <= part.Sequences.Count / 40 ? 1 : 0;
                _repeats[item] += at > 0 && touches[at - 1].Item == item ? 1 : 0;
                _returns[item] += seen.Add(item) ? 0 : 1;
            }
        }
    }

    internal float LogCount(int item) => MathF.Log(1 + _counts[item]);

    internal float LogCountEighth(int item) => MathF.Log(1 + _eighth[item]);

    internal float LogCountFortieth(int item) => MathF.Log(1 + _fortieth[item]);

    /// <summary>How much more it is touched of late than ever: log of the ratio, shrunk towards 0.</summary>
    internal float Trend(int item) => MathF.Log((1 + _eighth[item]) / (1 + _counts[item] / 8f));

    /// <summary>Share of its touches that follow a touch of itself at once, shrunk.</summary>
    internal float RepeatShare(int item) => (_repeats[item] + 1f) / (_counts[item] + 6f);

    /// <summary>Share of its touches in a session that has touched it before, shrunk.</summary>
    internal float ReturnShare(int item) => (_returns[item] + 1f) / (_counts[item] + 4f);
}
