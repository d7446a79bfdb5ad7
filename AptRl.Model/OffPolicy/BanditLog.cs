namespace AptRl.Model.OffPolicy;

/// <summary>A log of single choices from the same actions, with what describes the actions.</summary>
/// <remarks>A reward model reads a row for each action: context, description of the action, affinity.</remarks>
public sealed class BanditLog
{
    private readonly int _contextWidth;
    private readonly int _actionWidth;
    private readonly bool _hasAffinities;

    /// <summary>Takes a log.</summary>
    /// <param name="name">What it is called.</param>
    /// <param name="actions">A description of each action, all of one width.</param>
    /// <param name="rounds">The rounds, in order.</param>
    /// <exception cref="ArgumentException">There are no rounds, or a round does not fit the actions or the first round.</exception>
    public BanditLog(string name, IReadOnlyList<float[]> actions, IReadOnlyList<LoggedRound> rounds)
    {
        if (rounds.Count == 0)
        {
            throw new ArgumentException($"log '{name}' has no rounds: there is nothing to evaluate a policy on", nameof(rounds));
        }

        (Name, Actions, Rounds) = (name, actions, rounds);
        (_contextWidth, _actionWidth, _hasAffinities) = (rounds[0].Context.Count, actions[0].Length, rounds[0].Affinities.Count > 0);
        Positions = rounds.Max(round => round.Position) + 1;
        for (var i = 0; i < rounds.Count; i++)
        {
            if (rounds[i].Action >= actions.Count || rounds[i].Context.Count != _contextWidth
                || rounds[i].Affinities.Count != (_hasAffinities ? actions.Count : 0))
            {
                throw new ArgumentException($"round {i} of log '{name}' does not fit its {actions.Count} actions and {_contextWidth} numbers of context", nameof(rounds));
            }
        }
    }

    /// <summary>What the log is called.</summary>
    public string Name { get; }

    /// <summary>A description of each action.</summary>
    public IReadOnlyList<float[]> Actions { get; }

    /// <summary>The rounds, in order.</summary>
    public IReadOnlyList<LoggedRound> Rounds { get; }

    /// <summary>Places of a slate that occur.</summary>
    public int Positions { get; }

    /// <summary>Numbers in a row of a reward model.</summary>
    public int FeatureWidth => _contextWidth + _actionWidth + (_hasAffinities ? 1 : 0);

    /// <summary>Writes the row of an action.</summary>
    /// <param name="round">In whose context.</param>
    /// <param name="action">Which action.</param>
    /// <param name="features"><see cref="FeatureWidth"/> numbers.</param>
    public void Describe(LoggedRound round, int action, Span<float> features)
    {
        for (var i = 0; i < _contextWidth; i++)
        {
            features[i] = round.Context[i];
        }

        Actions[action].CopyTo(features[_contextWidth..]);
        if (_hasAffinities)
        {
            features[^1] = round.Affinities[action];
        }
    }
}
