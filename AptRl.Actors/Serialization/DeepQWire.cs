using AptRl.Actors.Serialization.Wire;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using Google.Protobuf;

namespace AptRl.Actors.Serialization;

/// <summary>A deep Q-network and what it remembers as a wire message.</summary>
internal static class DeepQWire
{
    public static DeepQMessage ToWire(DeepQImage image) => new()
    {
        Network = { image.Network },
        Judge = { image.Judge },
        Means = { image.Means },
        Squares = { image.Squares },
        Steps = image.Steps,
        Owed = image.Owed,
        Missed = image.Missed,
        Slates =
        {
            image.Slates.Select(slate => new RememberedSlateMessage { AtTicks = slate.At.UtcTicks, Items = { slate.Items.Select(ToWire) } }),
        },
    };

    public static DeepQImage FromWire(DeepQMessage message) => new(
        [.. message.Network], [.. message.Judge], [.. message.Means], [.. message.Squares], message.Steps, message.Owed, message.Missed,
        [.. message.Slates.Select(slate => new RememberedSlate(UserWire.FromTicks(slate.AtTicks), [.. slate.Items.Select(FromWire)]))]);

    private static RememberedItemMessage ToWire(RememberedItem item) => new()
    {
        Item = item.Item.Value,
        Features = ByteString.CopyFrom(item.Features.AsBytes()),
        Amounts = { item.Amounts },
        Following = { item.Following.Select(features => ByteString.CopyFrom(features.AsBytes())) },
    };

    private static RememberedItem FromWire(RememberedItemMessage message) => new(
        new ItemId(message.Item), FeatureVector.FromBytes(message.Features.Span), [.. message.Amounts],
        [.. message.Following.Select(features => FeatureVector.FromBytes(features.Span))]);
}
