using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace AptRl.Host.Telemetry;

/// <summary>A record of the log.</summary>
/// <param name="Category">The class that wrote it, or the actor.</param>
/// <param name="TraceId">The trace that it belongs to; null where there is none.</param>
/// <param name="Ids">What its text was made of, by name: user, decision, scenario.</param>
internal sealed record LogRecord(DateTimeOffset At, LogLevel Level, string Category, string Text, string? TraceId, JsonObject Ids);

/// <summary>The newest log records of this process, for an operator who has no other way to the log.</summary>
/// <remarks>Gets what the log's filters let through. A reader that lags by more than <see cref="CountMax"/> records misses the oldest.</remarks>
[ProviderAlias("RecentLog")]
internal sealed class RecentLog(TimeProvider clock) : ILoggerProvider
{
    /// <summary>Records kept; the oldest goes.</summary>
    public const int CountMax = 500;

    private readonly Lock _gate = new();
    private readonly Queue<LogRecord> _newest = new();
    private readonly List<Channel<LogRecord>> _readers = [];

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    /// <summary>The newest records, oldest first, and then each as it is written.</summary>
    public async IAsyncEnumerable<LogRecord> ReadAsync(LogLevel least, int lines, bool follow, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var channel = Channel.CreateBounded<LogRecord>(new BoundedChannelOptions(CountMax) { FullMode = BoundedChannelFullMode.DropOldest });
        List<LogRecord> past;
        lock (_gate)
        {
            past = [.. _newest.Where(record => record.Level >= least).TakeLast(lines)];
            _readers.Add(channel);
        }

        try
        {
            foreach (var record in past)
            {
                yield return record;
            }

            while (follow && await channel.Reader.WaitToReadAsync(cancellation))
            {
                while (channel.Reader.TryRead(out var record))
                {
                    if (record.Level >= least)
                    {
                        yield return record;
                    }
                }
            }
        }
        finally
        {
            lock (_gate)
            {
                _readers.Remove(channel);
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _readers.ForEach(reader => reader.Writer.TryComplete());
        }
    }

    private void Add(LogRecord record)
    {
        lock (_gate)
        {
            _newest.Enqueue(record);
            if (_newest.Count > CountMax)
            {
                _newest.Dequeue();
            }

            _readers.ForEach(reader => reader.Writer.TryWrite(record));
        }
    }

    private sealed class Writer(RecentLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull
            => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel is not LogLevel.None;

        public void Log<TState>(LogLevel logLevel, Microsoft.Extensions.Logging.EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var text = formatter(state, exception);
            var ids = new JsonObject();
            foreach (var (name, value) in state as IEnumerable<KeyValuePair<string, object?>> ?? [])
            {
                if (name != "{OriginalFormat}")
                {
                    ids[name] = Convert.ToString(value, CultureInfo.InvariantCulture);
                }
            }

            // An actor's record is written on another thread than the one that had the trace: it brings the trace along.
            var trace = Activity.Current?.TraceId.ToString() ?? (string?)ids["Akka.TraceId"];
            log.Add(new LogRecord(log.Clock.GetUtcNow(), logLevel, category, exception is null ? text : $"{text} {exception.GetType().Name}: {exception.Message}", trace, ids));
        }
    }

    private TimeProvider Clock => clock;
}
