namespace AptRl.Host.Http;

/// <summary>A request that cannot be answered, found while reading it: becomes problem details.</summary>
internal sealed class RefusedException(int status, string code, string detail) : Exception(detail)
{
    public int Status { get; } = status;

    public string Code { get; } = code;
}
