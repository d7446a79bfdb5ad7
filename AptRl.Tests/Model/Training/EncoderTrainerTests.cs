using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Training;
using AptRl.Model.Windows;
using TorchSharp;
using Xunit;

namespace AptRl.Tests.Model.Training;

public sealed class EncoderTrainerTests
{
    private const int CycleLength = 12;
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly EncoderOptions Small = new() { Width = 16, Layers = 1, Window = 8, HashBuckets = 8, Dropout = .1 };
    private static readonly TrainingOptions Quick = new() { EpochsMax = 6, BatchPositions = 256, LearningRate = .02, Anneal = false, Validate = false };

    [Theory]
    [InlineData(5_000)]
    [InlineData(0)]
    public void In_a_shop_that_goes_in_a_circle_the_next_item_is_known(int fullSoftmaxItemsMax)
    {
        using var model = EncoderTrainer.Fit(Circle(), Small, Quick with { FullSoftmaxItemsMax = fullSoftmaxItemsMax, Negatives = 64 }, cancellation: TestContext.Current.CancellationToken);

        var right = 0;
        for (var item = 0; item < CycleLength; item++)
        {
            Touch[] window = [.. Enumerable.Range(0, 5).Select(i => new Touch(
                new EventId($"{i}"), Item(item + i), InteractionKind.ViewItem, Noon.AddMinutes(i)))];
            var best = new ScoredItem[1];
            model.TopK(model.Encode([[.. window]])[0], best);
            right += best[0].Item == Item(item + 5) ? 1 : 0;
        }

        Assert.Equal(CycleLength, right);
    }

    [Fact]
    public void The_same_seed_gives_the_same_weights_and_another_gives_others()
    {
        var options = Quick with { EpochsMax = 1 };
        using var first = EncoderTrainer.Fit(Circle(), Small, options, cancellation: TestContext.Current.CancellationToken);
        using var second = EncoderTrainer.Fit(Circle(), Small, options, cancellation: TestContext.Current.CancellationToken);
        using var other = EncoderTrainer.Fit(Circle(), Small, options with { Seed = 2 }, cancellation: TestContext.Current.CancellationToken);

        Assert.Equal(first.Version, second.Version);
        Assert.NotEqual(first.Version, other.Version);
    }

    [Fact]
    public void Validation_ends_a_fit_that_gets_no_better_and_the_best_epoch_is_told()
    {
        var reports = new List<TrainingProgress>();
        using var model = EncoderTrainer.Fit(
            Circle(), Small, Quick with { EpochsMax = 30, Validate = true }, new Collector(reports), cancellation: TestContext.Current.CancellationToken);

        var fit = model.Fit!;
        Assert.InRange(fit.Epochs, 3, 29);
        Assert.Equal(fit.Epochs - 2, fit.BestEpoch);
        Assert.True(fit.HitRateAt20 > .95 && fit.ReciprocalRankAt20 > .95, $"{fit}");
        Assert.Equal(fit.Epochs, reports[^1].Epoch);
        Assert.True(reports.Zip(reports.Skip(1)).All(pair => pair.Item1.Share < pair.Item2.Share));
    }

    [Fact]
    public void Training_leaves_no_tensor_behind_but_the_weights()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        var options = Quick with { EpochsMax = 1 };
        EncoderTrainer.Fit(Circle(), Small, options, cancellation: TestContext.Current.CancellationToken).Dispose();
        var once = DisposeScopeManager.Statistics.ThreadTotalLiveCount - before;
        EncoderTrainer.Fit(Circle(), Small, options with { EpochsMax = 3 }, cancellation: TestContext.Current.CancellationToken).Dispose();

        Assert.Equal(2 * once, DisposeScopeManager.Statistics.ThreadTotalLiveCount - before);
    }

    [Fact]
    public void A_cancelled_fit_gives_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();

        Assert.Throws<OperationCanceledException>(() => EncoderTrainer.Fit(Circle(), Small, Quick, cancellation: cancelled.Token));
    }

    [Fact]
    public void A_log_without_items_is_refused_with_the_way_out()
    {
        var search = new Interaction(new EventId("1"), new UserId("u"), InteractionKind.Search, Noon, [], query: "boots");

        var failure = Assert.Throws<InvalidDataException>(
            () => EncoderTrainer.Fit(SequenceDataset.From([search]), Small, Quick, cancellation: TestContext.Current.CancellationToken));

        Assert.Contains("check the column mapping", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_data_set_is_the_same_in_whatever_order_its_log_came()
    {
        var log = CircleLog().ToArray();

        var forward = SequenceDataset.From(log);
        var backward = SequenceDataset.From(log.Reverse());

        Assert.Equal((60, 900, CycleLength), (forward.UserCount, forward.Touches, forward.Items.Length));
        Assert.Equal(forward.Hash, backward.Hash);
        Assert.NotEqual(forward.Hash, SequenceDataset.From(log.Skip(1)).Hash);
    }

    [Fact]
    public void Of_a_robot_the_newest_1000_touches_are_kept()
    {
        var robot = Enumerable.Range(0, 5_000).Select(i => View("robot", i, Item(i)));

        Assert.Equal(1_000, SequenceDataset.From(robot).Touches);
    }

    private static SequenceDataset Circle() => SequenceDataset.From(CircleLog());

    private static IEnumerable<Interaction> CircleLog()
        => from user in Enumerable.Range(0, 60)
           from step in Enumerable.Range(0, 15)
           select View($"u{user}", step, Item(user + step));

    private static ItemId Item(int step) => new($"item {step % CycleLength}");

    private static Interaction View(string user, int minute, ItemId item)
        => new(new EventId($"{user}-{minute}"), new UserId(user), InteractionKind.ViewItem, Noon.AddMinutes(minute), [item]);

    private sealed class Collector(List<TrainingProgress> reports) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => reports.Add(value);
    }
}
