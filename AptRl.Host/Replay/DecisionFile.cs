using System.Text.Json;
using AptRl.Host.Http;
using AptRl.Host.Http.Contracts;
using AptRl.Model.Events;
using AptRl.Model.Ingest;

namespace AptRl.Host.Replay;

/// <summary>The decision sink of a replay: one slate a line, in the words of the HTTP interface.</summary>
internal sealed class DecisionFile : IDisposable
{
    private readonly LineFile _file;

    private DecisionFile(LineFile file) => _file = file;

    public long Position => _file.Position;

    public static DecisionFile Open(string path, long keepBytes) => new(LineFile.Open(path, keepBytes));

    public void Write(Decision decision)
        => _file.Write(JsonSerializer.SerializeToUtf8Bytes(Wire.Recommend(decision, explain: false), WireJson.Default.RecommendAnswer));

    public void Flush() => _file.Flush();

    public void Dispose() => _file.Dispose();
}
