using System.Text.Json.Serialization;

namespace AptRl.Model.Encoding;

/// <summary>What a layer of the encoder is.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BlockKind>))]
public enum BlockKind
{
    /// <summary>Attention and SwiGLU, each let into the stream by a learned gate (<see cref="GatedBlock"/>).</summary>
    Gated,

    /// <summary>The same without the gates (<see cref="PlainBlock"/>).</summary>
    Ungated,

    /// <summary>Attention and a feed-forward part with one activation, as in GPT-2 (<see cref="PlainBlock"/>).</summary>
    Plain,

    /// <summary>Pointwise attention with a gated output and no feed-forward part (<see cref="HstuBlock"/>).</summary>
    Hstu,
}
