using AptRl.Model.Events;

namespace AptRl.Model.OffPolicy.Synthetic;

/// <summary>A log drawn from a world of known truth, and that truth.</summary>
/// <param name="Log">The log.</param>
/// <param name="Expected">q(x, a) of each round and action.</param>
public sealed record SyntheticLog(BanditLog Log, IReadOnlyList<double[]> Expected)
{
    /// <summary>What a policy is worth in these very contexts: Σ Σₐ π(a | x) q(x, a) / n.</summary>
    public double ValueOf(ITargetPolicy target)
    {
        var probabilities = new double[Log.Actions.Count];
        var sum = 0.0;
        for (var i = 0; i < Expected.Count; i++)
        {
            target.Fill(Log.Rounds[i], probabilities);
            for (var action = 0; action < probabilities.Length; action++)
            {
                sum += probabilities[action] * Expected[i][action];
            }
        }

        return sum / Expected.Count;
    }
}

/// <summary>The synthetic world of the Open Bandit Pipeline with its logistic reward function.</summary>
/// <remarks>
/// Contexts x are standard normal. With u = (1, x) and v = (1, one-hot of a), the logit is αᵀu + βᵀv + uᵀΓv, coefficients
/// uniform in [-1, 1); logits are standardised over the rounds and actions of a draw, q is their logistic function, and the
/// log is drawn by softmax(inverse temperature · q): Saito et al. 2021 (arXiv:2008.07146), SyntheticBanditDataset of
/// version 0.5.5 without a behaviour policy function. Differences: our generator of chance, so the same distribution and
/// not the same numbers (<see cref="PipelineWorld"/> has those); the standardisation may be kept from a first draw
/// (<see cref="Settle"/>), so that the truth does not move with the contexts.
/// </remarks>
public sealed class SyntheticBandit
{
    private readonly int _actions;
    private readonly double _inverseTemperature;
    private readonly double[] _context;
    private readonly double[] _action;
    private readonly double[,] _both;
    private readonly (double Mean, double Deviation)? _settled;

    /// <summary>A world with coefficients of its own.</summary>
    /// <param name="actions">How many actions. The published table has 30.</param>
    /// <param name="width">Numbers of context. The published table has 5.</param>
    /// <param name="inverseTemperature">Of the logging policy; below 0 it prefers what earns little. The published table has -3.</param>
    /// <param name="seed">Draws the coefficients.</param>
    public SyntheticBandit(int actions, int width, double inverseTemperature, ulong seed)
        : this(actions, width, inverseTemperature, new ChanceNumbers(new Chance(seed).Split("coefficients")))
    {
    }

    internal SyntheticBandit(int actions, int width, double inverseTemperature, INumbers numbers)
    {
        (_actions, _inverseTemperature) = (actions, inverseTemperature);
        _context = [.. Enumerable.Range(0, width + 1).Select(_ => 2 * numbers.Uniform() - 1)];
        _action = [.. Enumerable.Range(0, actions + 1).Select(_ => 2 * numbers.Uniform() - 1)];
        _both = new double[width + 1, actions + 1];
        for (var i = 0; i <= width; i++)
        {
            for (var j = 0; j <= actions; j++)
            {
                _both[i, j] = 2 * numbers.Uniform() - 1;
            }
        }
    }

    private SyntheticBandit(SyntheticBandit world, double mean, double deviation)
    {
        (_actions, _inverseTemperature, _context, _action, _both) = (world._actions, world._inverseTemperature, world._context, world._action, world._both);
        _settled = (mean, deviation);
    }

    /// <summary>The same world with the standardisation of one large draw.</summary>
    /// <param name="rounds">Contexts of that draw.</param>
    /// <param name="chance">Draws them.</param>
    public SyntheticBandit Settle(int rounds, Chance chance)
    {
        var numbers = new ChanceNumbers(chance);
        var logits = Enumerable.Range(0, rounds).Select(_ => Logits(Context(numbers))).ToArray();
        var (mean, deviation) = MomentsOf(logits);
        return new SyntheticBandit(this, mean, deviation);
    }

    /// <summary>Draws a log.</summary>
    /// <param name="rounds">How many rounds; each is a cluster.</param>
    /// <param name="chance">Draws contexts, actions and rewards.</param>
    public SyntheticLog Draw(int rounds, Chance chance)
        => Draw(rounds, new ChanceNumbers(chance.Split("contexts")), new ChanceNumbers(chance.Split("actions")), new ChanceNumbers(chance.Split("rewards")));

    internal SyntheticLog Draw(int rounds, INumbers ofContexts, INumbers ofActions, INumbers ofRewards)
    {
        // All contexts come first: two of the streams may be one.
        var contexts = Enumerable.Range(0, rounds).Select(_ => Context(ofContexts)).ToArray();
        var expected = Array.ConvertAll(contexts, Logits);
        var (mean, deviation) = _settled ?? MomentsOf(expected);
        var logged = new LoggedRound[rounds];
        for (var i = 0; i < rounds; i++)
        {
            for (var action = 0; action < _actions; action++)
            {
                expected[i][action] = 1 / (1 + Math.Exp(-(expected[i][action] - mean) / deviation));
            }

            var (taken, propensity) = Take(expected[i], ofActions.Uniform());
            var reward = ofRewards.Happens(expected[i][taken]) ? 1 : 0;
            logged[i] = new LoggedRound(i, 0, Array.ConvertAll(contexts[i], number => (float)number), taken, propensity, reward, []);
        }

        var oneHot = Enumerable.Range(0, _actions).Select(action => Enumerable.Range(0, _actions).Select(other => other == action ? 1f : 0f).ToArray());
        return new SyntheticLog(new BanditLog("synthetic", [.. oneHot], logged), expected);
    }

    private (int Action, double Propensity) Take(double[] expected, double uniform)
    {
        var likely = Array.ConvertAll(expected, reward => Math.Exp(_inverseTemperature * reward));
        var (sum, cumulative, taken) = (likely.Sum(), 0.0, 0);
        while (taken < likely.Length - 1 && (cumulative += likely[taken] / sum) <= uniform)
        {
            taken++;
        }

        return (taken, likely[taken] / sum);
    }

    private double[] Context(INumbers numbers)
    {
        var context = new double[_context.Length - 1];
        for (var i = 0; i < context.Length; i++)
        {
            context[i] = numbers.Normal();
        }

        return context;
    }

    private double[] Logits(double[] context)
    {
        var logits = new double[_actions];
        for (var action = 0; action < _actions; action++)
        {
            logits[action] = _action[0] + _action[action + 1];
            for (var i = 0; i < _context.Length; i++)
            {
                var number = i == 0 ? 1 : context[i - 1];
                logits[action] += number * (_context[i] + _both[i, 0] + _both[i, action + 1]);
            }
        }

        return logits;
    }

    private static (double Mean, double Deviation) MomentsOf(double[][] logits)
    {
        var count = (double)logits.Length * logits[0].Length;
        var mean = logits.Sum(row => row.Sum()) / count;
        return (mean, Math.Sqrt(logits.Sum(row => row.Sum(logit => (logit - mean) * (logit - mean))) / count));
    }
}
