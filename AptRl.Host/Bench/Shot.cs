using System.Text.Json;

namespace AptRl.Host.Bench;

/// <summary>One request, and what a right answer to it looks like.</summary>
internal abstract class Shot
{
    protected Shot(byte[] body) => Body = body;

    /// <summary>The request's JSON.</summary>
    public byte[] Body { get; }

    /// <summary>What is wrong with an answer of status 200; null where nothing is.</summary>
    public string? Fault(ReadOnlySpan<byte> answer)
    {
        try
        {
            return FaultIn(answer);
        }
        catch (Exception unreadable) when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            return $"the answer is not what was agreed: {unreadable.Message}";
        }
    }

    protected abstract string? FaultIn(ReadOnlySpan<byte> answer);
}

/// <summary>Requests of one kind, without end.</summary>
internal interface ITraffic
{
    string Path { get; }

    Shot Next();
}
