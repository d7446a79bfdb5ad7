using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Heads;
using AptRl.Model.Recommenders;
using AptRl.Model.Recommenders.Heads;
using AptRl.Model.Training;
using Xunit;
using static TorchSharp.torch;

namespace AptRl.Tests.Model.Heads;

/// <summary>A shop in which item a is viewed and then item b, and b is bought at once: of views, half are followed by a view.</summary>
[Collection("Torch")]
public sealed class KindNetworkTests
{
    private const byte View = (byte)InteractionKind.ViewItem;
    private const byte Purchase = (byte)InteractionKind.Purchase;

    private static readonly EncoderOptions Shape = new() { Width = 16, Layers = 1, Window = NetworkSettings.Window, HashBuckets = 1, Dropout = 0, InputDropout = 0 };
    private static readonly TrainingOptions Training = new() { EpochsMax = 120, BatchPositions = 400, LearningRate = .02, Anneal = false, Validate = false, UnknownShare = 0 };

    private static readonly TrainingPart Part = new(
        [new ItemId("a"), new ItemId("b")],
        [.. Enumerable.Range(0, 49).Select(user => new IndexedTouch[] { new(0, View, user * 100), new(1, View, user * 100 + 1), new(1, Purchase, user * 100 + 2) })],
        HoldOutRule.NewestTouches);

    [Fact]
    public void A_fresh_head_says_what_the_chain_of_kinds_says()
    {
        using var scope = NewDisposeScope();
        using var network = new KindNetwork(Shape, new KindChain(Part), rows: 6, seed: 1);

        var said = network.Kinds(rand(2, Shape.Width), tensor(new long[] { View, 0 })).softmax(-1).data<float>().ToArray();

        // After a view 49 views and 49 purchases; at first 49 views; one added to each of the two kinds.
        Assert.Equal(.5, said[View], 3);
        Assert.Equal(.5, said[Purchase], 3);
        Assert.Equal(50 / 51.0, said[Token.Kinds + View], 3);
    }

    [Fact]
    public void A_trained_head_knows_which_view_is_followed_by_a_purchase()
    {
        var sequences = new TrainingSequences(Part, hashBuckets: 1, Shape.Window);
        var network = new KindNetwork(Shape, new KindChain(Part), sequences.Vocabulary.Rows, seed: 1);
        var loss = new KindLoss(network, sequences, Training, Part.Sequences);
        new NetworkTrainer(network, sequences, Training, loss: loss).Run([], null, null, TestContext.Current.CancellationToken);

        using var recommender = new KindRecommender(network, sequences, items: 2);
        var said = new float[2 * Token.Kinds];
        recommender.PredictKinds([Asked(1), Asked(2)], said);

        Assert.True(said[View] > .9, $"after a: a view with {said[View]}");
        Assert.True(said[Token.Kinds + Purchase] > .9, $"after b: a purchase with {said[Token.Kinds + Purchase]}");
    }

    private static Question Asked(int touches) => new(Part.Sequences[0].AsMemory(0, touches), 10);
}
