using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AptRl.Model.Encoding;

/// <summary>Reads and writes weights as safetensors: 8 bytes of header length, a JSON header, raw little-endian numbers.</summary>
/// <remarks>The same weights in the same order always make the same bytes. Only float32 is written or read.</remarks>
internal static class WeightsFile
{
    private const int HeaderMax = 16 * 1024 * 1024;

    internal static byte[] Write(IReadOnlyList<Weight> weights, string about)
    {
        var entries = new JsonObject { ["__metadata__"] = new JsonObject { ["about"] = about } };
        var end = 0L;
        foreach (var weight in weights)
        {
            entries[weight.Name] = new JsonObject
            {
                ["dtype"] = "F32",
                ["shape"] = new JsonArray([.. weight.Shape.Select(size => JsonValue.Create(size))]),
                ["data_offsets"] = new JsonArray(end, end += weight.Numbers.Length * sizeof(float)),
            };
        }

        // Readers map the numbers in place, so they begin at a multiple of 8.
        var header = JsonSerializer.SerializeToUtf8Bytes(entries);
        var padded = (header.Length + 7) / 8 * 8;
        var file = new byte[8 + padded + end];
        BinaryPrimitives.WriteInt64LittleEndian(file, padded);
        file.AsSpan(8, padded).Fill((byte)' ');
        header.CopyTo(file, 8);
        var at = 8 + padded;
        foreach (var weight in weights)
        {
            MemoryMarshal.AsBytes(weight.Numbers.AsSpan()).CopyTo(file.AsSpan(at));
            at += weight.Numbers.Length * sizeof(float);
        }

        return file;
    }

    /// <summary>What the writer said about the weights; empty where it said nothing.</summary>
    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Write"/> makes.</exception>
    internal static string About(ReadOnlySpan<byte> file, string path)
    {
        using var header = Header(file, path);
        return header.RootElement.TryGetProperty("__metadata__", out var metadata) && metadata.TryGetProperty("about", out var about)
            ? about.GetString() ?? ""
            : "";
    }

    /// <exception cref="InvalidDataException">The bytes are not what <see cref="Write"/> makes.</exception>
    internal static IReadOnlyList<Weight> Read(ReadOnlySpan<byte> file, string path)
    {
        try
        {
            var data = file[Math.Min(file.Length, 8 + LengthOf(file))..];
            var weights = new List<Weight>();
            using var header = Header(file, path);
            foreach (var entry in header.RootElement.EnumerateObject().Where(entry => entry.Name != "__metadata__"))
            {
                weights.Add(Read(entry, data, path));
            }

            return weights;
        }
        catch (Exception damage) when (damage is JsonException or InvalidOperationException or KeyNotFoundException or FormatException or OverflowException)
        {
            throw Damaged(path, $"its header cannot be read ({damage.Message})", damage);
        }
    }

    internal static InvalidDataException Damaged(string path, string reason, Exception? inner = null)
        => new($"{path} is damaged: {reason}. Restore it from a copy, or train the encoder again", inner);

    private static int LengthOf(ReadOnlySpan<byte> file)
        => file.Length < 8 ? 0 : (int)Math.Clamp(BinaryPrimitives.ReadInt64LittleEndian(file), 0, HeaderMax);

    private static JsonDocument Header(ReadOnlySpan<byte> file, string path)
    {
        if (file.Length < 8 || BinaryPrimitives.ReadInt64LittleEndian(file) is var length && (length < 2 || length > HeaderMax || file[8] != '{'))
        {
            throw Damaged(path, "it does not begin as a safetensors file");
        }

        if (file.Length < 8 + length)
        {
            throw Damaged(path, $"it ends after {file.Length} bytes, inside its header");
        }

        try
        {
            return JsonDocument.Parse(file.Slice(8, (int)length).ToArray());
        }
        catch (JsonException damage)
        {
            throw Damaged(path, $"its header cannot be read ({damage.Message})", damage);
        }
    }

    private static Weight Read(JsonProperty entry, ReadOnlySpan<byte> data, string path)
    {
        if (entry.Value.GetProperty("dtype").GetString() is var type && type != "F32")
        {
            throw Damaged(path, $"{entry.Name} holds {type} numbers, F32 are needed");
        }

        long[] shape = [.. entry.Value.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64())];
        var (from, to) = (entry.Value.GetProperty("data_offsets")[0].GetInt64(), entry.Value.GetProperty("data_offsets")[1].GetInt64());
        if (from < 0 || to > data.Length || to - from != checked(shape.Aggregate(4L, (size, by) => checked(size * by))))
        {
            throw Damaged(path, $"{entry.Name} lies at bytes {from} to {to} of {data.Length}");
        }

        var numbers = new float[(to - from) / sizeof(float)];
        data[(int)from..(int)to].CopyTo(MemoryMarshal.AsBytes(numbers.AsSpan()));
        return new Weight(entry.Name, shape, numbers);
    }

    /// <summary>One named tensor, as numbers.</summary>
    internal sealed record Weight(string Name, long[] Shape, float[] Numbers);
}
