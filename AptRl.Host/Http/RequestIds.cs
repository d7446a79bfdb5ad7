using System.Globalization;
using System.Security.Cryptography;

namespace AptRl.Host.Http;

/// <summary>Request ids for callers that send none.</summary>
/// <remarks>
/// The id decides the draw, and one used twice for a user would repeat an old decision; so each process takes 64 random
/// bits from the system and counts on from there. This is the only randomness that is not a <c>Chance</c>: it names
/// requests, which no replay makes again.
/// </remarks>
internal sealed class RequestIds
{
    private readonly string _process = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private long _last;

    public string Next() => string.Create(CultureInfo.InvariantCulture, $"{_process}-{Interlocked.Increment(ref _last)}");
}
