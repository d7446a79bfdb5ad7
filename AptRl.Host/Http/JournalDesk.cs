using AptRl.Actors.Inspection;

namespace AptRl.Host.Http;

/// <summary>Reads the journals back, one reading at a time: it takes a processor for a while, and shoppers come first.</summary>
internal sealed class JournalDesk(DecisionOrigins origins, TimeMachine machine) : IDisposable
{
    public const string BusyReason = "the journal is being read for somebody else, and one reading is done at a time: ask again in a second";

    private readonly SemaphoreSlim _one = new(1, 1);

    public DecisionOrigins Origins => origins;

    public TimeMachine Machine => machine;

    /// <summary>Reads on a thread of the pool; not answered where another reading is under way.</summary>
    public async Task<(bool Answered, T? Answer)> TryAsync<T>(Func<Task<T>> read)
    {
        if (!await _one.WaitAsync(0))
        {
            return (false, default);
        }

        try
        {
            return (true, await Task.Run(read));
        }
        finally
        {
            _one.Release();
        }
    }

    public void Dispose() => _one.Dispose();
}
