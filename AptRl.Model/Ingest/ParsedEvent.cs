using System.Diagnostics.CodeAnalysis;
using AptRl.Model.Events;

namespace AptRl.Model.Ingest;

/// <summary>An event that could not be taken, with why.</summary>
/// <param name="Line">Line of the file, or place in the batch, from 1.</param>
/// <param name="Code">One of <see cref="RejectCode"/>.</param>
/// <param name="Reason">What is wrong and the way out.</param>
/// <param name="Text">The beginning of what was sent, at most <see cref="TextMax"/> characters.</param>
public sealed record Rejected(long Line, string Code, string Reason, string? Text)
{
    /// <summary>Characters of the source that are kept.</summary>
    public const int TextMax = 500;

    internal static string Cut(ReadOnlySpan<byte> utf8)
    {
        // A character has at most four bytes, so this many always hold TextMax characters.
        var text = System.Text.Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, 4 * TextMax)]);
        return Cut(text, TextMax);
    }

    internal static string Cut(string text, int max)
        => text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
}

/// <summary>What became of one line or element of the source: an interaction, or a rejection; never both, never neither.</summary>
public readonly record struct ParsedEvent
{
    private ParsedEvent(long line, string? sentId, Interaction? interaction, Rejected? rejected)
        => (Line, SentId, Interaction, Rejected) = (line, sentId, interaction, rejected);

    /// <summary>Line of the file, or place in the batch, from 1.</summary>
    public long Line { get; }

    /// <summary>The event's id as the source sent it, to answer by; null where it sent none or none could be read.</summary>
    public string? SentId { get; }

    /// <summary>The event; null where it was rejected.</summary>
    public Interaction? Interaction { get; }

    /// <summary>Why there is no event; null where there is one.</summary>
    public Rejected? Rejected { get; }

    /// <summary>Whether there is an event.</summary>
    [MemberNotNullWhen(true, nameof(Interaction))]
    [MemberNotNullWhen(false, nameof(Rejected))]
    public bool IsAccepted => Interaction is not null;

    internal static ParsedEvent Of(long line, string? sentId, Interaction interaction) => new(line, sentId, interaction, null);

    internal static ParsedEvent Reject(long line, string code, string reason, ReadOnlySpan<byte> source, string? sentId = null)
        => new(line, sentId, null, new Rejected(line, code, reason, Rejected.Cut(source)));
}
