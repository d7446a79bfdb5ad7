using Akka.Actor;

namespace AptRl.Actors.Clustering;

/// <summary>A message that never leaves its node: it holds something of this process, such as a policy with the shop's sessions, or what is too large to send.</summary>
public interface IWithinNode : INoSerializationVerificationNeeded;
