using AptRl.Model.Datasets;
using AptRl.Model.Events;
using AptRl.Model.Training;
using Xunit;

namespace AptRl.Tests.Model.Training;

[Collection("Torch")]
public sealed class RecencyMaskTests
{
    private const int Walks = 600;

    [Fact]
    public void A_share_of_the_predictions_goes_without_the_newest_one_to_three_touches()
    {
        var walk = Enumerable.Range(0, 5).Select(item => new IndexedTouch(item, (byte)InteractionKind.ViewItem, 0)).ToArray();
        var part = new TrainingPart(
            [.. Enumerable.Range(0, 5).Select(item => new ItemId($"item {item}"))], [.. Enumerable.Repeat(walk, Walks)], HoldOutRule.NewestSequences);
        var sequences = new TrainingSequences(part, hashBuckets: 1, window: 4);
        var batch = TrainingBatch.NextItem(
            sequences, [.. Enumerable.Range(0, Walks)], new TrainingOptions { UnknownShare = 0, RecencyMask = .6 }, new Chance(1));

        // Position 0 is the start token and predicts the first item; position 4 has read four and predicts the fifth.
        var hidden = batch.Positions.Zip(batch.Targets, (position, row) => (Item: row - sequences.Vocabulary.FirstKnownRow, Position: position % 5))
            .ToLookup(made => made.Item, made => made.Item - made.Position);

        Assert.Equal(Walks * 5, batch.Count);
        Assert.All(Enumerable.Range(0, 5), item => Assert.Equal(Walks, hidden[item].Count()));
        Assert.All(hidden[0], touches => Assert.Equal(0, touches));

        // Of the fifth item's 600 predictions 0.4 hide nothing and 0.2 each hide 1, 2 and 3 touches: 240 and 120, ±4 standard deviations.
        Assert.Equal([0, 1, 2, 3], hidden[4].Distinct().Order());
        Assert.InRange(hidden[4].Count(touches => touches == 0), 192, 288);
        Assert.All((long[])[1, 2, 3], count => Assert.InRange(hidden[4].Count(touches => touches == count), 81, 159));

        // Of the second item's, whoever would hide more than the one touch there is hides that one: 0.6.
        Assert.InRange(hidden[1].Count(touches => touches == 1), 312, 408);
        Assert.Equal([0, 1], hidden[1].Distinct().Order());
    }
}
