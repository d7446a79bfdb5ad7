namespace AptRl.Actors.Persistence;

/// <summary>Whether the store can be reached: while it cannot, callers are told Busy at once instead of after ten seconds.</summary>
/// <remarks>
/// It spares the store too: without it every request of an outage would wake an actor that fails to recover. It opens and
/// closes by what is found when the store is asked, not by what actors meet; a write that fails for another reason closes nothing.
/// </remarks>
public sealed class JournalGate : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _closing = new();

    /// <summary>Whether the store can be reached, as far as is known.</summary>
    public bool IsOpen => !_closing.IsCancellationRequested;

    /// <summary>Cancelled when it closes, and already so while it is closed.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Turns away who waits and who comes. Closed already, it stays so.</summary>
    public void Close()
    {
        lock (_lock)
        {
            _closing.Cancel();
        }
    }

    /// <summary>Lets callers in again.</summary>
    public void Open()
    {
        lock (_lock)
        {
            if (_closing.IsCancellationRequested)
            {
                // Not disposed: a caller may just be about to look at its token.
                _closing = new CancellationTokenSource();
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _closing.Dispose();
}
