using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Training;
using static TorchSharp.torch;

namespace AptRl.Model.Heads;

/// <summary>The next item and the value of what was done, learned together: the joint loss of SQN, SNQN, SA2C and their kin.</summary>
/// <remarks>
/// With a⁺ the item of the next touch, r what that touch earned, s' the state after it, and two heads of which a coin for each
/// batch makes one the learner Q and the other the judge Q̂ (van Hasselt 2010):
/// <code>
/// L  = mean w·CE(s, a⁺) + mean (Q(s, a⁺) - y)² + mean (Q(s, a⁻) - y⁻)² + α · mean penalty
/// y  = r + γ · Q̂(s', argmaxₐ Q(s', a)), without the second term where the session ends
/// y⁻ = 0 + γ · Q̂(s, argmaxₐ Q(s, a)), a⁻ drawn evenly
/// </code>
/// SQN (Xin et al. 2020, arXiv:2006.05779) has the first two terms with w = 1; SNQN (Xin et al. 2022, arXiv:2111.03474) adds
/// the third, in which the user is taken to stay; SA2C weighs by the advantage; the conservative penalty is that of CQL
/// (see <see cref="ValueArithmetic"/>). docs/algorithms/q-heads.md numbers the differences from the papers.
/// </remarks>
internal sealed class ValueLoss : IBatchLoss
{
    /// <summary>The best next action is looked for, and the mean item taken, among the items touched most, at most so many.</summary>
    /// <remarks>It bounds a step whatever the catalogue, and of items touched once or twice no value is known to look ahead to.</remarks>
    internal const int ActionsMax = 5_000;

    // The place of a state that is not there or not needed.
    private const long Nowhere = -1;

    private readonly ValueNetwork _network;
    private readonly NextItemLoss _nextItem;
    private readonly ValueOptions _options;
    private readonly LoggedReturns _returns;
    private readonly float[]? _counts;
    private readonly Vocabulary _vocabulary;
    private readonly float _meanReward;
    private readonly long[] _actions;

    internal ValueLoss(
        ValueNetwork network, TrainingSequences sequences, TrainingOptions training, LoggedReturns returns, ValueOptions options)
    {
        (_network, _options, _returns, _vocabulary) = (network, options, returns, sequences.Vocabulary);
        _nextItem = new NextItemLoss(network, sequences, training);
        _counts = options.Target is ValueTarget.Count ? returns.ScaledCounts(options.Discount) : null;
        _actions = Actions(sequences);
        _meanReward = returns.Rewards.Length == 0 ? 1 : returns.Rewards.ToArray().Average();
    }

    /// <summary>Rows of the items touched most, in their order.</summary>
    internal static long[] Actions(TrainingSequences sequences)
        => [.. Enumerable.Range(sequences.Vocabulary.FirstKnownRow, sequences.Vocabulary.Known.Count)
            .OrderByDescending(row => sequences.Counts[row]).ThenBy(row => row).Take(ActionsMax).Order().Select(row => (long)row)];

    private bool HasNegatives => _options.NegativeActions > 0;

    /// <inheritdoc/>
    /// <remarks>The best action may be any.</remarks>
    public bool ScoresAll => true;

    /// <inheritdoc/>
    public (long[] Rows, float[] Corrections) Draw(long[] targets, Chance chance) => _nextItem.Draw(targets, chance);

    /// <inheritdoc/>
    public Tensor Of(Tensor states, TrainingBatch batch, (long[] Rows, float[] Corrections) negatives, Chance chance)
    {
        using var scope = NewDisposeScope();
        var wanted = NextItemLoss.Wanted(states, batch);
        var weights = tensor(batch.Weights);
        if (_options.Target is ValueTarget.NextItem)
        {
            return NextItemTwice(wanted, batch, negatives).mul(weights).mean().MoveToOuterDisposeScope();
        }

        var step = new Step(this, batch, chance.Split("role").NextDouble() < .5, Others(batch, chance.Split("actions")));
        var loss = step.Loss(_options.IsJoint ? wanted : wanted.detach()).Times(_options.ValueWeight);
        if (_options.SupervisedWeight > 0)
        {
            var surprise = _nextItem.Each(wanted, batch, negatives).mul(weights).Times(_options.SupervisedWeight);
            surprise = _options.WeighsByAdvantage ? surprise.mul(step.AdvantageWeights())
                : _options.WeighsByReward ? surprise.mul(tensor(Array.ConvertAll(batch.Touches, touch => _returns.Rewards[touch] / _meanReward)))
                : surprise;
            loss = loss.Plus(surprise.mean());
        }

        return loss.MoveToOuterDisposeScope();
    }

    /// <summary>The next item from the states, and again from what the heads make of them: the same weights without any reward.</summary>
    private Tensor NextItemTwice(Tensor wanted, TrainingBatch batch, (long[] Rows, float[] Corrections) negatives)
    {
        using var scope = NewDisposeScope();
        var directions = _network.Head(true).forward(wanted).Direction.Plus(_network.Head(false).forward(wanted).Direction).Times(.5);
        return _nextItem.Each(wanted, batch, negatives).Times(_options.SupervisedWeight)
            .Plus(_nextItem.Each(directions, batch, negatives).Times(_options.ValueWeight)).MoveToOuterDisposeScope();
    }

    /// <summary>[M · K] rows of known items, drawn evenly; one may be the target, and is masked then.</summary>
    private long[] Others(TrainingBatch batch, Chance chance)
    {
        var rows = new long[batch.Count * _options.NegativeActions];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = _vocabulary.FirstKnownRow + chance.Next(_vocabulary.Known.Count);
        }

        return rows;
    }

    /// <summary>One batch, whose judge looks at states without dropout.</summary>
    private sealed class Step
    {
        private readonly ValueLoss _loss;
        private readonly TrainingBatch _batch;
        private readonly DuelingHead _learner;
        private readonly DuelingHead _judge;
        private readonly Tensor _settled;
        private readonly Tensor _vectors;
        private readonly Tensor _mean;
        private readonly Tensor? _isTarget;
        private readonly Tensor _actions;

        internal Step(ValueLoss loss, TrainingBatch batch, bool firstLearns, long[] notDone)
        {
            (_loss, _batch) = (loss, batch);
            (_learner, _judge) = (loss._network.Head(firstLearns), loss._network.Head(!firstLearns));
            _settled = loss._network.Settled(batch.Inputs);
            using (no_grad())
            {
                _vectors = loss._network.ItemVectors(tensor(loss._actions)).detach();
                _mean = _vectors.mean([0]);
            }

            // [M, 1 + K]: what was done, then what was not.
            var rows = tensor(batch.Targets).unsqueeze(-1);
            if (loss.HasNegatives)
            {
                var others = tensor(notDone, [batch.Count, loss._options.NegativeActions]);
                _isTarget = others.eq(rows);
                rows = cat([rows, others], -1);
            }

            _actions = loss._network.ItemVectors(rows.reshape(-1)).reshape(batch.Count, rows.shape[1], _vectors.shape[1]);
        }

        /// <returns>[]</returns>
        internal Tensor Loss(Tensor wanted)
        {
            var (value, direction) = _learner.forward(wanted);
            var values = ValueArithmetic.Values(value, direction, _loss._options.IsJoint ? _actions : _actions.detach(), _mean);
            var taken = values.select(1, 0);
            var (targets, counted, stay) = Targets();
            var loss = taken.Minus(targets).square().mul(counted).mul(tensor(_batch.Weights)).mean();
            if (_isTarget is null)
            {
                return loss;
            }

            var others = values.narrow(1, 1, _loss._options.NegativeActions);
            loss = loss.Plus(others.Minus(stay.unsqueeze(-1)).square().Filled(_isTarget, 0).mean());
            return _loss._options.Conservatism == 0 ? loss
                : loss.Plus(ValueArithmetic.Overestimates(taken, others.Filled(_isTarget, -1e9)).mean().Times(_loss._options.Conservatism));
        }

        /// <summary>[M], by what the judge thinks of what was done and of what was not.</summary>
        internal Tensor AdvantageWeights()
        {
            using var untracked = no_grad();
            var (value, direction) = _judge.forward(_settled.index_select(0, tensor(_batch.Positions)));
            var values = ValueArithmetic.Values(value, direction, _actions.detach(), _mean);
            return ValueArithmetic.AdvantageWeights(
                ValueArithmetic.Advantages(values.select(1, 0), values.narrow(1, 1, _loss._options.NegativeActions)));
        }

        /// <summary>y and whether it is known, and y⁻: [M] each.</summary>
        private (Tensor Targets, Tensor Counted, Tensor Stay) Targets()
        {
            var options = _loss._options;
            if (_loss._counts is { } counts)
            {
                return (tensor(Array.ConvertAll(_batch.Touches, touch => counts[touch])), ones(_batch.Count), zeros(_batch.Count));
            }

            var length = _batch.Inputs.Length;
            var (rewards, discounts, counted) = (new float[_batch.Count], new float[_batch.Count], new float[_batch.Count]);
            var (here, next) = (_batch.Positions, new long[_batch.Count]);
            for (var i = 0; i < rewards.Length; i++)
            {
                var ends = _loss._returns.Ends[_batch.Touches[i]];
                var isSeen = (here[i] + 1) % length != 0;
                rewards[i] = _loss._returns.Rewards[_batch.Touches[i]];
                discounts[i] = ends ? 0 : (float)options.Discount;

                // The state after the last touch of a chunk is not in the batch: where the session goes on, nothing is known of it.
                counted[i] = ends || isSeen || options.Discount == 0 ? 1 : 0;
                next[i] = ends || !isSeen ? Nowhere : here[i] + 1;
            }

            if (options.Discount == 0)
            {
                return (tensor(rewards), tensor(counted), zeros(_batch.Count));
            }

            var ahead = Ahead(next, here);
            return (
                tensor(rewards).Plus(ahead.Next.mul(tensor(discounts))),
                tensor(counted),
                _loss.HasNegatives ? ahead.Here.Times(options.Discount) : ahead.Here);
        }

        /// <summary>What the judge expects after the best action by the learner, at the states after and at those before: [M] each.</summary>
        private (Tensor Next, Tensor Here) Ahead(long[] next, long[] here)
        {
            using var untracked = no_grad();

            // Most states are both, so each is asked once.
            long[] asked = [.. (_loss.HasNegatives ? next.Concat(here) : next).Where(position => position != Nowhere).Distinct().Order()];
            if (asked.Length == 0)
            {
                return (zeros(_batch.Count), zeros(_batch.Count));
            }

            var states = _settled.index_select(0, tensor(asked));
            var (_, choosing) = _learner.forward(states);
            var (value, direction) = _judge.forward(states);
            var best = ValueArithmetic.BestAhead(choosing, value, direction, _vectors, _mean);
            return (best.index_select(0, PlacesOf(next)), _loss.HasNegatives ? best.index_select(0, PlacesOf(here)) : zeros(_batch.Count));

            // What is asked of nowhere counts nothing, so any place will do.
            Tensor PlacesOf(long[] positions) => tensor(Array.ConvertAll(positions, position => (long)Math.Max(0, Array.BinarySearch(asked, position))));
        }
    }
}
