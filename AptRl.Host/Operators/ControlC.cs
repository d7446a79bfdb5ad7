namespace AptRl.Host.Operators;

/// <summary>Ctrl-C ends what is being carried out, and not the console.</summary>
internal sealed class ControlC : IDisposable
{
    private readonly CancellationToken _outer;
    private CancellationTokenSource? _running;

    public ControlC(CancellationToken outer)
    {
        _outer = outer;
        System.Console.CancelKeyPress += Pressed;
    }

    /// <summary>Does it until it ends or the key is pressed.</summary>
    public async Task UntilPressedAsync(Func<CancellationToken, Task> act)
    {
        using var running = CancellationTokenSource.CreateLinkedTokenSource(_outer);
        _running = running;
        try
        {
            await act(running.Token);
        }
        catch (OperationCanceledException) when (running.IsCancellationRequested)
        {
            // That was asked for.
        }
        finally
        {
            _running = null;
        }
    }

    public void Dispose() => System.Console.CancelKeyPress -= Pressed;

    private void Pressed(object? sender, ConsoleCancelEventArgs pressed)
    {
        if (_running is { } running)
        {
            pressed.Cancel = true;
            running.Cancel();
        }
    }
}
