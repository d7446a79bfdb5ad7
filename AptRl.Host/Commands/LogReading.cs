using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Ingest;
using AptRl.Model.Policies;
using AptRl.Model.Pretraining;
using AptRl.Model.Segments;
using AptRl.Model.Training;
using Spectre.Console;

namespace AptRl.Host.Commands;

/// <summary>Reads what is trained on and judged by; the first event that cannot be read is shown, the others are counted.</summary>
internal static class LogReading
{
    /// <summary>What a card calls a data set.</summary>
    public static string SourceOf(NextItemTask task, string format) => $"{task.Name}, {format}";

    public static (NextItemTask Task, long Rejected) Task(string folder, string format, ColumnMapping? columns, IAnsiConsole error, CancellationToken cancellation)
        => Counting(error, count => DataFolder.Read(folder, Enum.Parse<DataFormat>(format, ignoreCase: true), columns, TimeProvider.System, count, cancellation));

    public static (EventLog Log, long Rejected) Log(string folder, ColumnMapping? columns, IAnsiConsole error, CancellationToken cancellation)
        => Counting(error, count => DataFolder.ReadLog(folder, columns, TimeProvider.System, count, cancellation));

    public static (SequenceDataset Dataset, long Rejected) Sequences(string file, ColumnMapping? columns, IAnsiConsole error, CancellationToken cancellation)
        => Counting(error, count => SequenceDataset.From(Accepted(file, columns, count, cancellation), Path.GetFileName(file)));

    public static IReadOnlyList<UserTouches> Users(string file, ColumnMapping? columns, int touchesMax, IAnsiConsole error, CancellationToken cancellation)
        => Counting(error, count => UserTouches.Of(Accepted(file, columns, count, cancellation), touchesMax)).Read;

    /// <summary>What learners may begin with, from what came next in a log.</summary>
    public static NextItemPrior Prior(string file, ColumnMapping? columns, EncoderModel model, int every, CancellationToken cancellation)
    {
        var prior = new NextItemPrior(model, new ScenarioOptions { Id = new ScenarioId("log") }, Catalogue.Empty, every);
        foreach (var interaction in Accepted(file, columns, _ => { }, cancellation))
        {
            prior.Hear(interaction);
        }

        return prior;
    }

    private static IEnumerable<Interaction> Accepted(string file, ColumnMapping? columns, Action<Rejected> count, CancellationToken cancellation)
    {
        foreach (var parsed in EventFile.ReadAsync(file, new EventFileOptions { Columns = columns }, TimeProvider.System, cancellation).ToBlockingEnumerable(cancellation))
        {
            if (parsed.Interaction is { } interaction)
            {
                yield return interaction;
            }
            else if (parsed.Rejected is { } rejected)
            {
                count(rejected);
            }
        }
    }

    private static (T Read, long Rejected) Counting<T>(IAnsiConsole error, Func<Action<Rejected>, T> reader)
    {
        var rejected = 0L;
        var read = reader(Count);
        if (rejected > 0)
        {
            error.WriteLine($"{rejected} events could not be read and were left out");
        }

        return (read, rejected);

        void Count(Rejected bad)
        {
            if (rejected++ == 0)
            {
                error.WriteLine($"line {bad.Line}: {bad.Reason}");
            }
        }
    }
}
