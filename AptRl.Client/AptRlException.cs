using System.Net;

namespace AptRl.Client;

/// <summary>A request did not do what was asked: the server refused it, or could not be reached within all attempts.</summary>
/// <remarks>It carries the server's problem details (RFC 9457): a code for programs, and in the message the way out for people.</remarks>
public sealed class AptRlException : Exception
{
    internal AptRlException(HttpStatusCode? status, string code, string detail, TimeSpan? retryAfter = null, Exception? cause = null)
        : base(detail, cause)
        => (Status, Code, RetryAfter) = (status, code, retryAfter);

    /// <summary>The HTTP status; null where there was no answer.</summary>
    public HttpStatusCode? Status { get; }

    /// <summary>The server's code, such as <c>unknown_recommendation</c>; <c>no_answer</c> or <c>bad_answer</c> are the client's own.</summary>
    public string Code { get; }

    /// <summary>How long the server asked to wait.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Whether the same request may succeed later: it was tried as often as the options allow.</summary>
    public bool IsTransient => Status is null or HttpStatusCode.RequestTimeout or HttpStatusCode.TooManyRequests
        or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    internal static AptRlException NoAnswer(Uri? server, Exception cause)
        => new(null, "no_answer", $"{server} did not answer: {cause.Message} See whether 'aptrl serve' runs there.", cause: cause);
}
