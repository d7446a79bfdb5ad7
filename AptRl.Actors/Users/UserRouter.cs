using Akka.Cluster.Sharding;
using AptRl.Model.Events;

namespace AptRl.Actors.Users;

/// <summary>Says which user, and which shard, a message is for: it reads <see cref="IForUser.User"/>, nothing else.</summary>
/// <remarks>64 shards, for good: another number would send users to other shards than those that hold them.</remarks>
public sealed class UserRouter : HashCodeMessageExtractor
{
    /// <summary>Shards there are.</summary>
    public const int ShardCount = 64;

    /// <summary>The router.</summary>
    public UserRouter()
        : base(ShardCount)
    {
    }

    /// <inheritdoc/>
    public override string EntityId(object message) => message is IForUser forUser ? forUser.User.Value : null!;

    /// <inheritdoc/>
    public override string ShardId(string entityId, object? messageHint = null) => (StableHash.Of(entityId) % ShardCount).ToString(System.Globalization.CultureInfo.InvariantCulture);
}
