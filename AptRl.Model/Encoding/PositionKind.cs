using System.Text.Json.Serialization;

namespace AptRl.Model.Encoding;

/// <summary>How the encoder knows in what order touches came.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<PositionKind>))]
public enum PositionKind
{
    /// <summary>By a learned bias of attention for each distance (<see cref="AttentionBias"/>).</summary>
    Relative,

    /// <summary>By a learned vector for each place, counted from the oldest token.</summary>
    /// <remarks>
    /// A token's place grows in a user's first <see cref="EncoderOptions.Window"/> touches and then stays, so that a state
    /// cannot be carried forward one event at a time.
    /// </remarks>
    Absolute,

    /// <summary>Only by what can be seen from where: a token sees itself and what came before.</summary>
    None,
}
