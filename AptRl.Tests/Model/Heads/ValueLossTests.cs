using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Heads;
using AptRl.Model.Recommenders.Heads;
using AptRl.Model.Training;
using Xunit;
using static TorchSharp.torch;

namespace AptRl.Tests.Model.Heads;

/// <summary>A world with one way through it: view a, view b, buy c, and the session is over.</summary>
/// <remarks>So Q is known: buying c is worth 1, viewing b before it 0.2 + 0.5·1 = 0.7, viewing a first 0.2 + 0.5·0.7 = 0.55.</remarks>
[Collection("Torch")]
public sealed class ValueLossTests
{
    private const int Items = 8;

    private static readonly EncoderOptions Shape = new() { Width = 16, Layers = 1, Window = 4, HashBuckets = 1, Dropout = 0, InputDropout = 0 };
    private static readonly TrainingOptions Training = new() { EpochsMax = 120, BatchPositions = 400, LearningRate = .02, Validate = false, UnknownShare = 0, Seed = 3 };

    private static readonly TrainingPart Part = new(
        [.. Enumerable.Range(0, Items).Select(item => new ItemId($"item {item}"))],
        [.. Enumerable.Range(0, 60).Select(Walk)],
        HoldOutRule.NewestTouches);

    public static TheoryData<string> Heads => ["sqn", "snqn", "sa2c", "sa2c-cql", "dqn"];

    [Theory]
    [MemberData(nameof(Heads))]
    public void Where_there_is_one_way_every_head_finds_it_and_knows_what_it_is_worth(string head)
    {
        // Without negative actions nothing holds down what was never done: sqn is sure of the last touch alone, behind which nothing comes.
        var options = Options(head);
        using var network = Fit(options, out var sequences);

        if (head == "dqn")
        {
            (network.SupervisedWeight, network.ValueWeight) = (0, 1);
        }

        Assert.Equal([0, 1, 2], Enumerable.Range(0, 3).Select(length => Best(network, sequences, length)));
        (network.SupervisedWeight, network.ValueWeight) = (1, 0);
        Assert.Equal(1, Value(network, sequences, length: 2), .1);
        if (options.NegativeActions > 0 && options.Conservatism == 0)
        {
            Assert.Equal(.7, Value(network, sequences, length: 1), .1);
            Assert.Equal(.55, Value(network, sequences, length: 0), .1);
        }
    }

    [Fact]
    public void With_discount_0_a_touch_is_worth_what_it_earns()
    {
        using var network = Fit(SnqnRecipe.Options(0) with { Discount = 0 }, out var sequences);

        Assert.Equal(.2, Value(network, sequences, length: 0), .05);
        Assert.Equal(.2, Value(network, sequences, length: 1), .05);
        Assert.Equal(1, Value(network, sequences, length: 2), .05);
    }

    [Fact]
    public void Heads_that_do_not_move_the_encoder_leave_it_as_the_next_item_alone_would()
    {
        using var beside = Fit(new ValueOptions { IsJoint = false, NegativeActions = 3 }, out var sequences, epochs: 3);
        using var alone = Fit(null, out _, epochs: 3);
        using var joint = Fit(new ValueOptions { NegativeActions = 3 }, out _, epochs: 3);

        var expected = State(alone, sequences);
        Assert.All(expected.Zip(State(beside, sequences)), pair => Assert.Equal(pair.Item1, pair.Item2, 4));
        Assert.True(expected.Zip(State(joint, sequences), (one, other) => Math.Abs(one - other)).Max() > 1e-3, "the joint loss has not moved the encoder");
    }

    [Fact]
    public void A_state_is_asked_without_dropout_and_leaves_no_way_back()
    {
        using var network = new ValueNetwork(Shape with { Dropout = .5, InputDropout = .5 }, 12, seed: 1);
        using var generator = new Generator(1);
        network.DropoutGenerator = generator;
        network.train();
        var batch = new SequenceBatch(1, 4);
        batch.Set(0, [new Token(4, 1, 0), new Token(5, 1, 60)]);
        using var scope = NewDisposeScope();
        Assert.NotEqual(network.forward(batch).data<float>().ToArray(), network.forward(batch).data<float>().ToArray());

        var (one, other) = (network.Settled(batch), network.Settled(batch));

        Assert.Equal(one.data<float>().ToArray(), other.data<float>().ToArray());
        Assert.False(one.requires_grad);
    }

    private static ValueOptions Options(string head) => head switch
    {
        "sqn" => SqnRecipe.Options(0),
        "snqn" => SnqnRecipe.Options(0),
        "sa2c" => Sa2cRecipe.Options(0),
        "sa2c-cql" => Sa2cCqlRecipe.Options(0),
        _ => DqnRecipe.Options(0),
    };

    private static IndexedTouch[] Walk(int user) =>
    [
        new(0, (byte)InteractionKind.ViewItem, user * 10_000),
        new(1, (byte)InteractionKind.ViewItem, user * 10_000 + 60),
        new(2, (byte)InteractionKind.Purchase, user * 10_000 + 120),
        .. user < 5 ? [new IndexedTouch(3 + user, (byte)InteractionKind.ViewItem, user * 10_000 + 9_000)] : Array.Empty<IndexedTouch>(),
    ];

    private static ValueNetwork Fit(ValueOptions? options, out TrainingSequences sequences, int? epochs = null)
    {
        sequences = new TrainingSequences(Part, hashBuckets: 1, Shape.Window);
        var network = new ValueNetwork(Shape, sequences.Vocabulary.Rows, Training.Seed);
        var loss = options is null ? null : ValueFit.Loss(network, sequences, Part, Training, options);
        new NetworkTrainer(network, sequences, Training, loss: loss).Run([], null, null, TestContext.Current.CancellationToken, epochs);
        return network;
    }

    private static Token[] Window(TrainingSequences sequences, int length) => sequences.Window(Walk(9).AsMemory(0, length), Shape.Window);

    private static float[] State(ValueNetwork network, TrainingSequences sequences) => network.Newest([Window(sequences, 2)]);

    /// <summary>The item that ranks first after the first touches of the way.</summary>
    private static int Best(ValueNetwork network, TrainingSequences sequences, int length)
    {
        using var scope = NewDisposeScope();
        var state = tensor(network.Newest([Window(sequences, length)]), [1, Shape.Width]);
        var scores = matmul(state, Vectors(network, sequences).t()).data<float>().ToArray();
        return Enumerable.Range(0, Items).MaxBy(item => scores[sequences.RowOf(item) - sequences.Vocabulary.FirstKnownRow]);
    }

    /// <summary>Q of the way's next touch.</summary>
    private static double Value(ValueNetwork network, TrainingSequences sequences, int length)
    {
        using var scope = NewDisposeScope();
        var state = tensor(network.Newest([Window(sequences, length)]), [1, Shape.Width]);
        return network.Values(state, Vectors(network, sequences), Vectors(network, sequences).mean([0])).data<float>().ToArray()[sequences.RowOf(length) - sequences.Vocabulary.FirstKnownRow];
    }

    private static Tensor Vectors(ValueNetwork network, TrainingSequences sequences)
        => network.ItemVectors(arange(sequences.Vocabulary.FirstKnownRow, sequences.Vocabulary.Rows, dtype: int64));
}
