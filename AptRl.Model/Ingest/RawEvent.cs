namespace AptRl.Model.Ingest;

/// <summary>The fields of one event as the source wrote them, before any of them is judged.</summary>
internal struct RawEvent
{
    public string? Id;
    public string? Source;
    public string? Kind;
    public string? Time;
    public string? User;
    public List<string>? Items;
    public string? Session;
    public double? Value;
    public string? RecommendationId;
    public int? Position;
    public string? Query;

    /// <summary>The first thing found wrong while reading the fields; null where none was.</summary>
    public (string Code, string Reason)? Fault;

    public void Fail(string code, string reason) => Fault ??= (code, reason);
}
