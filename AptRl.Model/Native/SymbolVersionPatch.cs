using System.Buffers.Binary;

namespace AptRl.Model.Native;

/// <summary>Lets a Linux library load beside an older C++ runtime, where all it lacks is a version that nothing uses.</summary>
/// <remarks>
/// TorchSharp 0.107.0's library needs version GLIBCXX_3.4.32 (GCC 13), which Debian 12, Ubuntu 22.04 and RHEL 9 have
/// not. Its only symbol at that version is <see cref="Symbol"/>, which is named but never called: no relocation refers
/// to it. Marking that one need weak (VER_FLG_WEAK, Linux Standard Base 10.7.2) makes the loader go on without it.
/// Nothing is marked before all of this has been verified in the bytes at hand.
/// </remarks>
public static class SymbolVersionPatch
{
    /// <summary>The version that older systems lack.</summary>
    public const string Version = "GLIBCXX_3.4.32";

    /// <summary>The one symbol that may stand at that version.</summary>
    public const string Symbol = "_ZSt21ios_base_library_initv";

    private const ushort Weak = 2;
    private const uint DynamicSymbols = 11;
    private const uint Relocations = 4;
    private const uint VersionNeeds = 0x6ffffffe;
    private const uint SymbolVersions = 0x6fffffff;

    /// <summary>A copy of the library in which the need for <see cref="Version"/> is weak.</summary>
    /// <exception cref="BadImageFormatException">
    /// The bytes are not a 64-bit little-endian ELF library, are cut short, or are not the library this was made for.
    /// </exception>
    public static byte[] Weaken(ReadOnlySpan<byte> library)
    {
        try
        {
            var (flagsAt, index) = TheOneNeed(library);
            RefuseUseOf(index, library);

            var copy = library.ToArray();
            var flags = BinaryPrimitives.ReadUInt16LittleEndian(library[flagsAt..]);
            BinaryPrimitives.WriteUInt16LittleEndian(copy.AsSpan(flagsAt), (ushort)(flags | Weak));
            return copy;
        }
        catch (Exception cutShort) when (cutShort is ArgumentOutOfRangeException or IndexOutOfRangeException or OverflowException)
        {
            throw Refusal("it is cut short or damaged", cutShort);
        }
    }

    private static (int FlagsAt, ushort Index) TheOneNeed(ReadOnlySpan<byte> library)
    {
        var found = new List<(int FlagsAt, ushort Index)>();
        foreach (var section in Sections(library).Where(section => section.Type == VersionNeeds))
        {
            var names = Linked(section, library);
            var need = section.Offset;
            for (var files = section.Info; files > 0; files--)
            {
                var entry = need + Number(library, need + 8);
                for (var versions = BinaryPrimitives.ReadUInt16LittleEndian(library[(need + 2)..]); versions > 0; versions--)
                {
                    if (Name(library, names.Offset + Number(library, entry + 8)) == Version)
                    {
                        found.Add((entry + 4, BinaryPrimitives.ReadUInt16LittleEndian(library[(entry + 6)..])));
                    }

                    entry += Number(library, entry + 12);
                }

                need += Number(library, need + 12);
            }
        }

        return found is [var only]
            ? only
            : throw Refusal($"it needs version {Version} {found.Count} times where once was expected");
    }

    private static void RefuseUseOf(ushort version, ReadOnlySpan<byte> library)
    {
        var sections = Sections(library);
        var symbols = sections.Single(section => section.Type == DynamicSymbols);
        var versions = sections.Single(section => section.Type == SymbolVersions);
        var names = Linked(symbols, library);
        var versioned = new HashSet<ulong>();
        for (var i = 0; i < symbols.Size / 24; i++)
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(library[(versions.Offset + 2 * i)..]) != version)
            {
                continue;
            }

            var name = Name(library, names.Offset + Number(library, symbols.Offset + 24 * i));
            if (name != Symbol)
            {
                throw Refusal($"symbol {name} needs version {Version} too");
            }

            versioned.Add((ulong)i);
        }

        foreach (var section in sections.Where(section => section.Type == Relocations))
        {
            for (var at = section.Offset; at < section.Offset + section.Size; at += 24)
            {
                if (versioned.Contains(BinaryPrimitives.ReadUInt64LittleEndian(library[(at + 8)..]) >> 32))
                {
                    throw Refusal($"it uses symbol {Symbol}, which this system has not");
                }
            }
        }
    }

    private static Section[] Sections(ReadOnlySpan<byte> library)
    {
        // "\x7fELF", 64 bits, little-endian.
        if (!library.StartsWith("\u007fELF\u0002\u0001"u8))
        {
            throw Refusal("it is no 64-bit little-endian ELF library");
        }

        var table = checked((int)BinaryPrimitives.ReadUInt64LittleEndian(library[40..]));
        var size = BinaryPrimitives.ReadUInt16LittleEndian(library[58..]);
        var sections = new Section[BinaryPrimitives.ReadUInt16LittleEndian(library[60..])];
        for (var i = 0; i < sections.Length; i++)
        {
            var header = library.Slice(checked(table + i * size), 64);
            sections[i] = new Section(
                BinaryPrimitives.ReadUInt32LittleEndian(header[4..]),
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[24..])),
                checked((int)BinaryPrimitives.ReadUInt64LittleEndian(header[32..])),
                Number(header, 40),
                Number(header, 44));
        }

        return sections;
    }

    private static Section Linked(Section section, ReadOnlySpan<byte> library) => Sections(library)[section.Link];

    private static int Number(ReadOnlySpan<byte> bytes, int at)
        => checked((int)BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]));

    private static string Name(ReadOnlySpan<byte> library, int at)
    {
        var rest = library[at..];
        return System.Text.Encoding.ASCII.GetString(rest[..rest.IndexOf((byte)0)]);
    }

    private static BadImageFormatException Refusal(string reason, Exception? inner = null)
        => new(
            $"the TorchSharp library cannot be fitted to this system's C++ runtime: {reason}. "
            + "Restore the packages again, or use a system whose libstdc++ has "
            + $"{Version} (GCC 13: Debian 13, Ubuntu 24.04, RHEL 10)",
            inner);

    private readonly record struct Section(uint Type, int Offset, int Size, int Link, int Info);
}
