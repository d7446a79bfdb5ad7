namespace AptRl.Comparison;

/// <summary>One way to a user's state.</summary>
internal interface IContestant : IAsyncDisposable
{
    /// <summary>The slate of a user's request.</summary>
    Task<string> DecideAsync(string user, string request);
}

/// <summary>No framework: the function itself, under a lock for each user. What the others cost is beyond this.</summary>
internal sealed class PlainCalls : IContestant
{
    private readonly System.Collections.Concurrent.ConcurrentDictionary<string, Brain> _brains = new(StringComparer.Ordinal);

    public Task<string> DecideAsync(string user, string request)
    {
        var brain = _brains.GetOrAdd(user, name => new Brain(name));
        return Task.Run(() =>
        {
            lock (brain)
            {
                return brain.Decide(request);
            }
        });
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
