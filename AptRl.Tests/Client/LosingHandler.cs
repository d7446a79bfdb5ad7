using System.Collections.Concurrent;
using System.Net;

namespace AptRl.Tests.Client;

/// <summary>A bad way to the server: loses answers after the server has acted, refuses, or lets requests wait.</summary>
internal sealed class LosingHandler() : DelegatingHandler(new SocketsHttpHandler())
{
    /// <summary>So many of the next answers are lost; the server has acted by then.</summary>
    public int AnswersToLose { get; set; }

    /// <summary>Whether the server cannot be reached at all.</summary>
    public bool IsAway { get; set; }

    /// <summary>Answered instead of the server's answer, one after another, without the server hearing of it.</summary>
    public ConcurrentQueue<HttpResponseMessage> Instead { get; } = new();

    /// <summary>Requests wait for it before they are sent.</summary>
    public Task Gate { get; set; } = Task.CompletedTask;

    /// <summary>Attempts so far.</summary>
    public int Attempts { get; private set; }

    public static HttpResponseMessage Busy(HttpStatusCode status, int retryAfterSeconds)
        => new(status) { Headers = { RetryAfter = new(TimeSpan.FromSeconds(retryAfterSeconds)) } };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        Attempts++;
        await Gate.WaitAsync(cancellationToken);
        if (IsAway)
        {
            throw new HttpRequestException("the server is away");
        }

        if (Instead.TryDequeue(out var instead))
        {
            return instead;
        }

        var response = await base.SendAsync(request, cancellationToken);
        if (AnswersToLose > 0)
        {
            AnswersToLose--;
            response.Dispose();
            throw new HttpRequestException("the connection was reset");
        }

        return response;
    }
}
