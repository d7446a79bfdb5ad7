using System.Text.Json.Serialization;

namespace AptRl.Model.Encoding;

/// <summary>What a state is made of, once the layers are through.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PoolingKind>))]
public enum PoolingKind
{
    /// <summary>The newest position.</summary>
    Last,

    /// <summary>All positions of the window, weighed by how they suit the newest (<see cref="AttentionPooling"/>).</summary>
    Attention,
}
