using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace AptRl.Model.Retrieval;

/// <summary>SHA-256 over numbers, little-endian on every machine.</summary>
internal sealed class ImageHash : IDisposable
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    public void Append(long number)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
        _hash.AppendData(bytes);
    }

    public void Append(ReadOnlySpan<int> numbers)
    {
        if (BitConverter.IsLittleEndian)
        {
            _hash.AppendData(MemoryMarshal.AsBytes(numbers));
            return;
        }

        Span<byte> bytes = stackalloc byte[sizeof(int)];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
            _hash.AppendData(bytes);
        }
    }

    public string Digits() => Convert.ToHexStringLower(_hash.GetHashAndReset());

    public void Dispose() => _hash.Dispose();
}
