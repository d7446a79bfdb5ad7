using System.Numerics.Tensors;
using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Training;
using static TorchSharp.torch;
using Tensor = TorchSharp.torch.Tensor;

namespace AptRl.Model.Recommenders.Online;

/// <summary>A fitted encoder that is fine-tuned as touches come, by the loss and the steps that it was trained by.</summary>
/// <remarks>
/// A step is over the new touches, each predicted from what its user did before, and over older ones drawn evenly from all.
/// Negatives are drawn half by how often items are touched and half evenly, with the logQ correction. An item that training
/// never saw has the vector of its bucket until it is learned; then it gets one of its own, which begins between the bucket
/// and the state that it was touched in, since that is what it is to be found from.
/// Bounds: <see cref="OnlineEncoderOptions.ItemsMax"/> and <see cref="OnlineEncoderOptions.ReplayMax"/>.
/// </remarks>
internal sealed class OnlineEncoder : IOnlineRecommender
{
    private readonly OnlineEncoderOptions _options;
    private readonly EncoderOptions _shape;
    private readonly Vocabulary _vocabulary;
    private readonly float[] _specials;
    private readonly IReadOnlyList<ItemId> _met;
    private readonly SequenceEncoder _network;
    private readonly AdamSteps _adam;
    private readonly PagedItems _items;
    private readonly List<int> _counts = [];
    private readonly List<UserTouch> _remembered = [];
    private readonly Chance _chance;
    private Chance _memory;
    private long _learned;

    /// <param name="fitted">Copied, and left as it is.</param>
    /// <param name="met">Names of the items met, growing.</param>
    /// <param name="fittedTo">What it was fitted to: learned already, and replayed.</param>
    /// <param name="options">How it goes on.</param>
    internal OnlineEncoder(EncoderModel fitted, IReadOnlyList<ItemId> met, ReadOnlySpan<UserTouch> fittedTo, OnlineEncoderOptions options)
    {
        (_options, _shape, _vocabulary, _met) = (options, fitted.Options, fitted.Vocabulary, met);
        _chance = new Chance(options.Seed).Split("online");
        _memory = _chance.Split("memory");
        var pageRows = Vocabulary.FirstBucketRow + options.Negatives + (options.TouchesPerStep + options.Replayed) * (_shape.Window + 1);
        _network = new SequenceEncoder(_shape, pageRows, options.Seed);
        CopyLayers(fitted.Network, _network);
        _network.eval();
        _adam = new AdamSteps(_network.named_parameters(), decay: 0);
        _specials = fitted.ItemVectors[..(_vocabulary.FirstKnownRow * _shape.Width)].ToArray();
        var table = _network.named_parameters().TakeWhile(weight => weight.name != "item_embedding.weight").Count();
        var moments = _adam.Moments.Skip(2 * table).Take(2).ToArray();
        _items = new PagedItems(_specials, _shape.Width, _network.ItemTable, moments[0], moments[1]);
        Grow(fitted);
        Remember(fittedTo);
    }

    public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
    {
        Grow();
        var items = scores.Length / questions.Length;
        for (var i = 0; i < questions.Length; i++)
        {
            _items.Score(StateOf(questions[i].History), (float)(1 / _shape.Temperature), scores.Slice(i * items, items));
        }
    }

    public void Learn(ReadOnlySpan<UserTouch> touches)
    {
        Grow();
        for (var from = 0; from < touches.Length; from += _options.TouchesPerStep)
        {
            var part = touches.Slice(from, Math.Min(_options.TouchesPerStep, touches.Length - from));
            foreach (var touch in part)
            {
                Welcome(touch);
            }

            Step(part);
            Remember(part);
        }
    }

    public void Dispose()
    {
        _adam.Dispose();
        _network.Dispose();
    }

    private static void CopyLayers(SequenceEncoder from, SequenceEncoder to)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var weights = from.state_dict();
        foreach (var (name, weight) in to.state_dict())
        {
            if (weight.shape.SequenceEqual(weights[name].shape))
            {
                weight.copy_(weights[name]);
            }
        }
    }

    // Whoever is met has a row; what training saw has its own vector, what it did not see its bucket's.
    private void Grow(EncoderModel? fitted = null)
    {
        while (_items.Count < Math.Min(_met.Count, _options.ItemsMax))
        {
            var item = _met[_items.Count];
            _items.Add(fitted is not null && _vocabulary.Knows(item) ? fitted.ItemVector(item) : Bucket(item));
            _counts.Add(0);
        }
    }

    private ReadOnlySpan<float> Bucket(ItemId item) => _specials.AsSpan(_vocabulary.BucketOf(item) * _shape.Width, _shape.Width);

    private void Welcome(UserTouch met)
    {
        var item = met.Touch.Item;
        if (item >= _items.Count || _counts[item] > 0 || _options.ContextShare == 0)
        {
            return;
        }

        var vector = new float[_shape.Width];
        TensorPrimitives.Multiply(StateOf(met.History), (float)_options.ContextShare, vector);
        TensorPrimitives.MultiplyAdd(_items.Unit(item), (float)(1 - _options.ContextShare), vector, vector);
        TensorPrimitives.Divide(vector, Math.Max(TensorPrimitives.Norm(vector), 1e-6f), vector);
        _items.Put(item, vector);
    }

    private float[] StateOf(ReadOnlyMemory<IndexedTouch> history)
    {
        _items.Clear();
        var tokens = Tokens(Newest(history));
        _items.Load();
        return _network.Newest([tokens]);
    }

    private void Step(ReadOnlySpan<UserTouch> touches)
    {
        var chance = _chance.Split((ulong)_adam.Steps);
        _items.Clear();
        var lesson = new Lesson(touches.Length + Math.Min(_options.Replayed, _remembered.Count), _shape.Window);
        foreach (var touch in touches)
        {
            Take(touch, lesson, onlyNewest: true);
        }

        var fresh = lesson.Targets.Count;
        for (var i = touches.Length; i < lesson.Inputs.Count; i++)
        {
            Take(_remembered[chance.Next(_remembered.Count)], lesson, onlyNewest: false);
        }

        if (lesson.Targets.Count == 0)
        {
            return;
        }

        var (negatives, corrections) = Draw(chance.Split("negatives"));
        _items.Load();
        using var scope = NewDisposeScope();
        using var generator = new Generator(chance.Split("dropout").NextBits());
        _network.DropoutGenerator = generator;
        _network.train();
        var states = _network.forward(lesson.Inputs).reshape(-1, _shape.Width).index_select(0, tensor(lesson.Positions.ToArray()));
        Surprise(states, tensor(lesson.Targets.ToArray()), tensor(negatives), tensor(corrections))
            .mul(tensor(Weights(fresh, lesson.Targets.Count))).sum().backward();
        _adam.Take(_options.LearningRate);
        _network.eval();
        _network.DropoutGenerator = null;
        _items.Store();
    }

    /// <summary>The sampled softmax of <see cref="NextItemLoss"/>, over negatives that were drawn from what was met so far.</summary>
    private Tensor Surprise(Tensor states, Tensor targets, Tensor negatives, Tensor corrections)
    {
        var wanted = states.mul(_network.ItemVectors(targets)).sum(-1, keepdim: true).Times(1 / _network.Temperature);
        var others = matmul(states, _network.ItemVectors(negatives).t()).Times(1 / _network.Temperature)
            .Minus(corrections).Filled(targets.unsqueeze(-1).eq(negatives), -1e9);
        return nn.functional.cross_entropy(cat([wanted, others], -1), zeros_like(targets), reduction: nn.Reduction.None);
    }

    private void Take(UserTouch touch, Lesson lesson, bool onlyNewest)
    {
        var index = lesson.Taken++;
        var before = Newest(touch.History);
        var inputs = Tokens(before);
        lesson.Inputs.Set(index, inputs);
        var last = onlyNewest ? 0 : inputs.Length - (inputs.Length < _shape.Window ? 0 : 1);
        for (var back = 0; back <= last; back++)
        {
            var next = back == 0 ? touch.Touch : before[^back];
            if (next.IsWanted && next.Item < _items.Count)
            {
                lesson.Positions.Add((index + 1) * _shape.Window - 1 - back);
                lesson.Targets.Add(_items.PlaceOf(_items.RowOf(next.Item)));
            }
        }
    }

    private ReadOnlySpan<IndexedTouch> Newest(ReadOnlyMemory<IndexedTouch> history)
        => history.Span[Math.Max(0, history.Length - _shape.Window)..];

    private Token[] Tokens(ReadOnlySpan<IndexedTouch> touches)
    {
        var tokens = new Token[touches.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            var (item, kind, seconds) = touches[i];
            var row = item >= 0 && item < _items.Count ? _items.PlaceOf(_items.RowOf(item)) : Vocabulary.NoItemRow;
            tokens[i] = new Token(row, kind, seconds);
        }

        return tokens;
    }

    private float[] Weights(int fresh, int count)
    {
        var (ofNew, ofOld) = fresh == 0 ? (0, 1) : fresh == count ? (1, 0) : (_options.NewShare, 1 - _options.NewShare);
        var weights = new float[count];
        weights.AsSpan(0, fresh).Fill((float)(ofNew / Math.Max(1, fresh)));
        weights.AsSpan(fresh).Fill((float)(ofOld / Math.Max(1, count - fresh)));
        return weights;
    }

    private (long[] Places, float[] Corrections) Draw(Chance chance)
    {
        var (places, corrections) = (new long[_options.Negatives], new float[_options.Negatives]);
        for (var i = 0; i < places.Length; i++)
        {
            var item = i % 2 == 0 && _remembered.Count > 0 ? _remembered[chance.Next(_remembered.Count)].Touch.Item : chance.Next(_items.Count);
            var share = _learned == 0 ? 1d / _items.Count : .5 * _counts[item] / _learned + .5 / _items.Count;
            (places[i], corrections[i]) = (_items.PlaceOf(_items.RowOf(item)), (float)Math.Log(places.Length * share));
        }

        return (places, corrections);
    }

    // Reservoir sampling: each touch learned so far is as likely to be among those remembered (Vitter 1985, algorithm R).
    private void Remember(ReadOnlySpan<UserTouch> touches)
    {
        foreach (var touch in touches)
        {
            if (touch.Touch.Item < 0 || touch.Touch.Item >= _items.Count)
            {
                continue;
            }

            _learned++;
            _counts[touch.Touch.Item]++;
            if (_remembered.Count < _options.ReplayMax)
            {
                _remembered.Add(touch);
            }
            else if (_memory.Next((int)Math.Min(_learned, int.MaxValue)) is var at && at < _remembered.Count)
            {
                _remembered[at] = touch;
            }
        }
    }

    private sealed class Lesson(int count, int window)
    {
        public SequenceBatch Inputs { get; } = new(count, window);

        public int Taken { get; set; }

        public List<long> Positions { get; } = [];

        public List<long> Targets { get; } = [];
    }
}
