using Akka.Dispatch;
using AptRl.Model.Events;

namespace AptRl.Tests.Simulator;

/// <summary>All that runs in a simulation, one step at a time on one thread, and its time.</summary>
/// <remarks>
/// What is ready runs in an order drawn from the seed: any order that real threads could have run it in. Time passes a little with
/// each step, and to the next timer where nothing is ready. So the same seed gives the same run, whatever the machine does meanwhile.
/// </remarks>
internal sealed class Loop(Chance chance, Trace trace)
{
    private readonly List<(Process? Of, IRunnable Run)> _ready = [];
    private readonly PriorityQueue<Timer, (TimeSpan At, long Number)> _timers = new();
    private Chance _chance = chance;
    private long _numbers;

    /// <summary>Time since the beginning of the simulation.</summary>
    public TimeSpan Now { get; private set; }

    /// <summary>Steps so far.</summary>
    public long Steps { get; private set; }

    /// <summary>What was found wrong first; null for nothing.</summary>
    public string? Fault { get; private set; }

    /// <summary>Takes note of what must not be: an actor that throws would only be started again.</summary>
    public void Fail(string fault)
    {
        Fault ??= fault;
        trace.Write(Now, $"WRONG: {fault}");
    }

    /// <summary>To be run soon.</summary>
    /// <param name="of">Whose it is: it is not run where that has ended; null for the simulation's own.</param>
    /// <param name="run">What.</param>
    public void Run(Process? of, IRunnable run) => _ready.Add((of, run));

    /// <summary>To be done after a while.</summary>
    /// <param name="of">Whose it is.</param>
    /// <param name="delay">After how long.</param>
    /// <param name="action">What.</param>
    public Timer After(Process? of, TimeSpan delay, Action action)
    {
        var timer = new Timer(of, action);
        _timers.Enqueue(timer, (Now + (delay > TimeSpan.Zero ? delay : TimeSpan.Zero), _numbers++));
        return timer;
    }

    /// <summary>Runs until something is so, something is wrong, or the time is over; gives whether it is so.</summary>
    public bool RunUntil(Func<bool> isSo, TimeSpan end)
    {
        while (Fault is null && Now < end)
        {
            if (isSo())
            {
                return true;
            }

            Step();
        }

        return Fault is null && isSo();
    }

    /// <summary>Runs what is ready, without regard to anything, while there is something.</summary>
    public void RunDry()
    {
        while (_ready.Count > 0)
        {
            var (_, run) = _ready[^1];
            _ready.RemoveAt(_ready.Count - 1);
            run.Run();
        }
    }

    private void Step()
    {
        Steps++;
        while (_timers.TryPeek(out _, out var due) && (due.At <= Now || _ready.Count == 0))
        {
            Now = due.At > Now ? due.At : Now;
            _timers.Dequeue().Ring();
        }

        if (_ready.Count == 0)
        {
            Fail("nothing is left to do: no timer and no message");
            return;
        }

        var index = _chance.Next(_ready.Count);
        var (of, run) = _ready[index];
        _ready[index] = _ready[^1];
        _ready.RemoveAt(_ready.Count - 1);
        Now += TimeSpan.FromMicroseconds(1 + _chance.Next(20));
        trace.Count(index, _ready.Count);
        if (of is not { IsAlive: false })
        {
            run.Run();
        }
    }

    /// <summary>Something to be done later.</summary>
    internal sealed class Timer(Process? of, Action action)
    {
        private bool _isOff;

        /// <summary>It is not done any more.</summary>
        public void Cancel() => _isOff = true;

        /// <summary>Does it, unless its process has ended.</summary>
        public void Ring()
        {
            if (!_isOff && of is not { IsAlive: false })
            {
                action();
            }
        }
    }
}
