using System.Buffers.Binary;
using System.Collections.Immutable;
using System.IO.Hashing;
using AptRl.Model.Events;

namespace AptRl.Model.Windows;

/// <summary>A user's last touches, oldest first: what the encoder sees. Immutable.</summary>
/// <remarks>Time comes only from the interactions, so the same interactions in the same order rebuild the same window.</remarks>
public sealed class InteractionWindow
{
    private readonly WindowOptions _options;

    private InteractionWindow(WindowOptions options, ImmutableArray<Touch> touches)
        => (_options, Touches) = (options, touches);

    /// <summary>Oldest first; equal times in order of arrival; at most <see cref="WindowOptions.CountMax"/>.</summary>
    public ImmutableArray<Touch> Touches { get; }

    /// <summary>A window with nothing in it yet.</summary>
    public static InteractionWindow Empty(WindowOptions options) => new(options.Checked(), []);

    /// <summary>A window as it was, from a snapshot.</summary>
    public static InteractionWindow Restored(WindowOptions options, IEnumerable<Touch> touches)
        => new(options.Checked(), [.. touches]);

    /// <summary>Whether interactions of this kind enter windows: an impression is not an act, and leaving is no taste.</summary>
    public static bool Takes(InteractionKind kind) => kind is not (InteractionKind.ViewItemList or InteractionKind.SessionEnd);

    /// <summary>The window after an interaction. A late one is put where its time belongs.</summary>
    public InteractionWindow Apply(Interaction interaction)
    {
        if (!Takes(interaction.Kind))
        {
            return this;
        }

        var touches = Touches.ToBuilder();
        var position = touches.Count;
        while (position > 0 && touches[position - 1].At > interaction.At)
        {
            position--;
        }

        if (interaction.Items.IsEmpty)
        {
            touches.Insert(position, new Touch(interaction.Id, null, interaction.Kind, interaction.At));
        }

        foreach (var item in interaction.Items)
        {
            touches.Insert(position++, new Touch(interaction.Id, item, interaction.Kind, interaction.At));
        }

        var horizon = touches[^1].At - _options.AgeMax;
        var expired = 0;
        while (touches[expired].At < horizon)
        {
            expired++;
        }

        touches.RemoveRange(0, Math.Max(expired, touches.Count - _options.CountMax));
        return new InteractionWindow(_options, touches.ToImmutable());
    }

    /// <summary>XXH3 (128 bits) of the user and the touches: equal windows, equal hashes, on every machine.</summary>
    public UInt128 Hash(UserId user)
    {
        var hash = new XxHash128();
        Append(hash, user.Value);
        Span<byte> number = stackalloc byte[sizeof(long)];
        foreach (var touch in Touches)
        {
            Append(hash, touch.Id.Value);
            Append(hash, touch.Item?.Value ?? "");
            BinaryPrimitives.WriteInt64LittleEndian(number, (long)touch.Kind);
            hash.Append(number);
            BinaryPrimitives.WriteInt64LittleEndian(number, touch.At.UtcTicks);
            hash.Append(number);
        }

        return hash.GetCurrentHashAsUInt128();
    }

    private static void Append(XxHash128 hash, string text)
    {
        hash.Append(System.Text.Encoding.UTF8.GetBytes(text));
        hash.Append([0]);
    }
}
