using Confluent.Kafka;

namespace AptRl.Host.Kafka;

/// <summary>A message of the events' topic, and the claim under which it was read.</summary>
internal sealed record KafkaMessage(PartitionClaim Claim, long Offset, Message<byte[]?, byte[]?> Content);
