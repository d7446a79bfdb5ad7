using System.Numerics.Tensors;
using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;
using AptRl.Model.Training;
using AptRl.Tests.Model.Recommenders;
using Xunit;

namespace AptRl.Tests.Model.Training;

[Collection("Torch")]
public sealed class NetworkTrainerTests : IDisposable
{
    private static readonly EncoderOptions Small = new() { Width = 16, Layers = 1, Window = 8, HashBuckets = 8, Dropout = .1 };
    private static readonly SequenceDataset Circle = SequenceDataset.From(CircleOfTouches.Part());

    // Everything that a continued fit has to find again: moments, averages, the best epoch, the schedule, dropout.
    private static readonly TrainingOptions Whole = new()
    {
        EpochsMax = 4, Patience = 4, BatchPositions = 100, LearningRate = .01, WeightAverage = .9, WeightDecay = .01, Recency = .5, Seed = 5,
    };

    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-trainer-").FullName;

    private string CheckpointPath => Path.Combine(_folder, "fit.checkpoint");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("weight average")]
    [InlineData("weight decay")]
    [InlineData("label smoothing")]
    [InlineData("label smoothing of a sample")]
    [InlineData("batch negatives")]
    [InlineData("recency")]
    [InlineData("targets ahead")]
    [InlineData("binary")]
    [InlineData("generalized binary")]
    [InlineData("a step size that stays")]
    public void In_a_circle_the_next_item_is_known_under_every_option(string option)
    {
        var plain = new TrainingOptions { EpochsMax = 20, BatchPositions = 100, LearningRate = .02, Validate = false };
        var sampled = plain with { FullSoftmaxItemsMax = 0, Negatives = 16 };
        var options = option switch
        {
            "weight average" => plain with { WeightAverage = .9 },
            "weight decay" => plain with { WeightDecay = .1 },
            "label smoothing" => plain with { LabelSmoothing = .1 },
            "label smoothing of a sample" => sampled with { LabelSmoothing = .1 },
            "batch negatives" => sampled with { BatchNegatives = 240 },
            "recency" => plain with { Recency = .5 },
            "targets ahead" => plain with { TargetsAhead = 2 },
            "binary" => plain with { Loss = LossKind.Binary },
            "generalized binary" => plain with { Loss = LossKind.GeneralizedBinary, Negatives = 16 },
            _ => plain with { Anneal = false },
        };

        var model = EncoderTrainer.Fit(Circle, Small, options, cancellation: TestContext.Current.CancellationToken);

        using var recommender = new EncoderRecommender(model, Circle.Items);
        Assert.Equal(CircleOfTouches.Items, CircleOfTouches.Right(recommender));
    }

    [Fact]
    public void Rows_that_put_their_steps_off_end_where_dense_Adam_ends()
    {
        // 300 walks of 3 items through 900: a batch of 6 sequences and 2 negatives needs some 20 of the rows.
        var wide = new TrainingPart(
            [.. Enumerable.Range(0, 900).Select(item => new ItemId($"item {item}"))],
            [.. Enumerable.Range(0, 300).Select(walk => Enumerable.Range(0, 3).Select(step
                => new IndexedTouch((walk * 3 + step * 37) % 900, (byte)InteractionKind.ViewItem, step)).ToArray())],
            HoldOutRule.NewestSequences);
        var options = new TrainingOptions
        {
            EpochsMax = 8, BatchPositions = 24, FullSoftmaxItemsMax = 0, Negatives = 2, NegativePower = 0, UnknownShare = 0, Validate = false,
        };

        // A decay of 10⁻³⁰⁰ takes nothing from a number, and makes every step a dense one.
        var (late, dense) = (Vectors(options), Vectors(options with { WeightDecay = 1e-300 }));

        // 400 steps of up to 0.01; a row is needed every 45th time. Adam moves by whole steps in the direction of a mean however
        // small it is, so that what rounds differently in the first steps is some hundredths of a step apart in the end.
        Assert.InRange(TensorPrimitives.Distance<float>(late, dense), 0, .02f);
        Assert.InRange(TensorPrimitives.Distance<float>(late, Vectors(options with { EpochsMax = 1 })), 10, 1_000);

        float[] Vectors(TrainingOptions options)
        {
            using var model = EncoderTrainer.Fit(SequenceDataset.From(wide), Small, options, cancellation: TestContext.Current.CancellationToken);
            return model.ItemVectors.ToArray();
        }
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(3, false)]
    [InlineData(3, true)]
    public void A_fit_that_was_killed_goes_on_and_ends_with_the_same_weights(int killedInEpoch, bool refit)
    {
        var options = Whole with { Refit = refit };
        using var whole = EncoderTrainer.Fit(Circle, Small, options, cancellation: TestContext.Current.CancellationToken);
        Kill(options, killedInEpoch);

        var (continued, firstEpoch) = Continue(options);

        using (continued)
        {
            Assert.Equal(killedInEpoch, firstEpoch);
            Assert.Equal(whole.Version, continued.Version);
            Assert.False(File.Exists(CheckpointPath));
        }
    }

    [Fact]
    public void The_checkpoint_of_another_fit_is_not_used()
    {
        using var whole = EncoderTrainer.Fit(Circle, Small, Whole with { Seed = 6 }, cancellation: TestContext.Current.CancellationToken);
        Kill(Whole, inEpoch: 3);

        var (fitted, firstEpoch) = Continue(Whole with { Seed = 6 });

        using (fitted)
        {
            Assert.Equal(1, firstEpoch);
            Assert.Equal(whole.Version, fitted.Version);
        }
    }

    [Theory]
    [InlineData(.9)]
    [InlineData(.001)]
    public void A_damaged_checkpoint_is_told_with_the_way_out(double kept)
    {
        Kill(Whole, inEpoch: 2);
        var bytes = File.ReadAllBytes(CheckpointPath);
        File.WriteAllBytes(CheckpointPath, bytes[..(int)(kept * bytes.Length)]);

        var failure = Assert.Throws<InvalidDataException>(() => Continue(Whole));

        Assert.Contains(CheckpointPath, failure.Message, StringComparison.Ordinal);
        Assert.Contains("damaged", failure.Message, StringComparison.Ordinal);
        Assert.Contains("delete it", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>Begins a fit and ends it at the second batch of an epoch.</summary>
    private void Kill(TrainingOptions options, int inEpoch)
    {
        using var kill = new CancellationTokenSource();
        var batches = 0;
        var watch = new Watch(progress =>
        {
            batches += progress.Epoch == inEpoch ? 1 : 0;
            if (batches == 2)
            {
                kill.Cancel();
            }
        });
        Assert.Throws<OperationCanceledException>(() => EncoderTrainer.Fit(Circle, Small, options, watch, CheckpointPath, kill.Token));
        Assert.True(File.Exists(CheckpointPath));
    }

    private (EncoderModel Model, int FirstEpoch) Continue(TrainingOptions options)
    {
        var first = 0;
        var watch = new Watch(progress => first = first == 0 ? progress.Epoch : first);
        return (EncoderTrainer.Fit(Circle, Small, options, watch, CheckpointPath, TestContext.Current.CancellationToken), first);
    }

    private sealed class Watch(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
