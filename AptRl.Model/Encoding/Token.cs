using AptRl.Model.Windows;

namespace AptRl.Model.Encoding;

/// <summary>A touch as the encoder reads it.</summary>
/// <param name="Row">The item's row in the vocabulary.</param>
/// <param name="Kind">The interaction kind's number, 1 or more.</param>
/// <param name="Seconds">When, in seconds since 1970.</param>
internal readonly record struct Token(int Row, int Kind, long Seconds)
{
    /// <summary>Kinds with a vector of their own; 0 is the start token's. Room is left for kinds to come.</summary>
    internal const int Kinds = 32;

    internal static Token Of(Touch touch, Vocabulary vocabulary)
        => new(
            touch.Item is { } item ? vocabulary.RowOf(item) : Vocabulary.NoItemRow,
            Math.Clamp((int)touch.Kind, 0, Kinds - 1),
            touch.At.ToUnixTimeSeconds());
}
