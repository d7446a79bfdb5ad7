using System.Numerics.Tensors;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;
using AptRl.Model.Training;
using AptRl.Tests.Model.Recommenders;
using TorchSharp;
using Xunit;

namespace AptRl.Tests.Model;

[Collection("Torch")]
public sealed class EncoderVariantTests : IDisposable
{
    private static readonly EncoderOptions Small = new() { HashBuckets = 8, Dropout = .1 };
    private static readonly SequenceDataset Circle = SequenceDataset.From(CircleOfTouches.Part());

    private static readonly Dictionary<string, EncoderOptions> Variants = new()
    {
        ["ungated"] = Small with { Block = BlockKind.Ungated },
        ["plain"] = Small with { Block = BlockKind.Plain },
        ["hstu"] = Small with { Block = BlockKind.Hstu },
        ["absolute positions"] = Small with { Positions = PositionKind.Absolute },
        ["no positions, times or kinds"] = Small with { Positions = PositionKind.None, WithoutTimes = true, WithoutKinds = true },
        ["attention pooling"] = Small with { Pooling = PoolingKind.Attention },
        ["dot product"] = Small with { DotProduct = true },
        ["full look-back"] = Small with { FullLookBack = true },
        ["hstu without any bias"] = Small with { Block = BlockKind.Hstu, Positions = PositionKind.None, WithoutTimes = true },
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-variants-").FullName;

    public static TheoryData<string> Names => [.. Variants.Keys];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_variant_knows_what_is_next_in_a_circle_after_it_was_saved_and_loaded(string name)
    {
        var options = new TrainingOptions { EpochsMax = 60, BatchPositions = 100, LearningRate = .01, Validate = false };
        using var fitted = EncoderTrainer.Fit(Circle, Variants[name], options, cancellation: TestContext.Current.CancellationToken);
        fitted.Save(Path.Combine(_folder, "shop"));

        var loaded = EncoderModel.Load(Path.Combine(_folder, "shop"));

        using var recommender = new EncoderRecommender(loaded, Circle.Items);
        Assert.Equal((fitted.Version, Variants[name], true), (loaded.Version, loaded.Options, loaded.BatchIndependent));
        Assert.Equal(fitted.ItemVectors.ToArray(), loaded.ItemVectors.ToArray());
        Assert.Equal(CircleOfTouches.Items, CircleOfTouches.Right(recommender));
        AssertServes(loaded);
    }

    /// <summary>The scores that are served, and the best items, are those of training: state · item/temperature.</summary>
    private static void AssertServes(EncoderModel model)
    {
        using var scope = torch.NewDisposeScope();
        using var inference = torch.inference_mode();
        Token[] window = [new(model.Vocabulary.FirstKnownRow + 3, 1, 0), new(model.Vocabulary.FirstKnownRow + 4, 1, 60)];
        var scores = model.ScoreKnown([window]);
        var state = model.Network.Newest([window]);
        var vectors = model.Network.ItemVectors(null).contiguous().data<float>().ToArray();
        var best = new ScoredItem[CircleOfTouches.Items];
        model.TopK(state, best);

        Assert.All(Enumerable.Range(0, scores.Length), item => Assert.Equal(
            TensorPrimitives.Dot(state, vectors.AsSpan((model.Vocabulary.FirstKnownRow + item) * state.Length, state.Length)) / (float)model.Network.Temperature,
            scores[item], 1e-3f));
        Assert.Equal(
            Enumerable.Range(0, scores.Length).OrderByDescending(item => scores[item]).Select(item => model.Vocabulary.Known[item]),
            best.Select(scored => scored.Item));
    }

    [Fact]
    public void A_card_says_nothing_of_options_that_have_their_defaults_and_reads_them_so()
    {
        const string BeforeTheOptionsCame =
            """{"Width":32,"Heads":2,"Layers":2,"Window":20,"HashBuckets":1024,"Dropout":0.2,"InputDropout":0.2,"Temperature":0.07}""";

        Assert.Equal(BeforeTheOptionsCame, JsonSerializer.Serialize(new EncoderOptions()));
        Assert.Equal(new EncoderOptions(), JsonSerializer.Deserialize<EncoderOptions>(BeforeTheOptionsCame));
        Assert.Equal("plain", JsonSerializer.SerializeToNode(Variants["plain"])!["Block"]!.GetValue<string>(), ignoreCase: true);
        var training = JsonSerializer.SerializeToNode(new TrainingOptions())!.AsObject();
        Assert.False(training.ContainsKey("RecencyMask") || training.ContainsKey("Uncorrected"));
    }

    [Fact]
    public void A_pooled_vector_is_the_weighed_mean_of_what_is_seen()
    {
        using var scope = torch.NewDisposeScope();
        using var inference = torch.inference_mode();
        var batch = new SequenceBatch(1, 4);
        batch.Set(0, [new Token(5, 1, 0), new Token(6, 1, 0), new Token(7, 1, 0)], fromStart: false);
        var pairs = batch.ToTensors().Pairs;
        var input = torch.tensor((float[])[9, 1, 2, 6], [1, 4, 1]);
        float[] Pooled(int lookBack, float bias)
        {
            using var pooling = new AttentionPooling(width: 1, lookBack);
            pooling.eval();
            pooling.get_parameter("query.bias")!.fill_(bias);
            return pooling.forward(input, pairs).data<float>().ToArray();
        }

        // Without a query all weigh the same; the 9 is padding, seen by itself alone.
        Close([9, 1, 1.5f, 3], Pooled(lookBack: 3, bias: 0));
        Close([9, 1, 1.5f, 4], Pooled(lookBack: 1, bias: 0));

        // A query of ln 2 weighs a vector of x by 2ˣ: (2·1 + 4·2)/6, and (2·1 + 4·2 + 64·6)/70.
        Close([9, 1, 10 / 6f, 394 / 70f], Pooled(lookBack: 3, bias: MathF.Log(2)));
    }

    [Fact]
    public void What_a_card_asks_for_and_this_program_does_not_know_is_refused()
    {
        using var model = EncoderModel.Fresh(Variants["plain"], [new ItemId("a")], seed: 1);
        var path = Path.Combine(_folder, "shop");
        model.Save(path);
        var card = JsonNode.Parse(File.ReadAllText($"{path}.json"))!;
        card["options"]!["block"] = 17;
        File.WriteAllText($"{path}.json", card.ToJsonString());

        Assert.Contains("Block 17", Assert.Throws<InvalidDataException>(() => EncoderModel.Load(path)).Message, StringComparison.Ordinal);
    }

    private static void Close(float[] expected, float[] actual)
        => Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.Item1, pair.Item2, 1e-5f));
}
