using AptRl.Model.Datasets;
using AptRl.Model.Encoding;

namespace AptRl.Model.Heads;

/// <summary>How often each kind of touch followed each other: what can be foretold without a model.</summary>
/// <remarks>First-order Markov chain of kinds; one is added to each kind that occurs. What is not worth predicting is nobody's follower.</remarks>
internal sealed class KindChain
{
    private readonly int[,] _followers = new int[Token.Kinds, Token.Kinds];

    internal KindChain(TrainingPart training)
    {
        foreach (var touches in training.Sequences)
        {
            for (var at = 0; at < touches.Length; at++)
            {
                if (touches[at].IsWanted && touches[at].Kind < Token.Kinds)
                {
                    _followers[at == 0 ? 0 : Math.Min((int)touches[at - 1].Kind, Token.Kinds - 1), touches[at].Kind]++;
                }
            }
        }
    }

    /// <summary>The probability of each kind.</summary>
    /// <param name="last">The kind of the last touch, 0 where there is none; null for what follows any.</param>
    internal float[] Shares(int? last)
    {
        var shares = new float[Token.Kinds];
        for (var kind = 1; kind < shares.Length; kind++)
        {
            var ever = Enumerable.Range(0, shares.Length).Sum(before => _followers[before, kind]);
            shares[kind] = ever == 0 ? 0 : 1 + (last is { } row ? _followers[row, kind] : ever);
        }

        var sum = shares.Sum();
        return Array.ConvertAll(shares, share => sum > 0 ? share / sum : 0);
    }
}
