using System.Globalization;
using AptRl.Host.Bench;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using Spectre.Console;

namespace AptRl.Host.Commands;

/// <summary>What every bench needs: a model, progress on the screen, and a word on what was wrong.</summary>
internal static class BenchStage
{
    /// <summary>Saves an encoder that has learned nothing, for a catalogue of this size.</summary>
    public static string MakeModel(int catalogue, ulong seed, DirectoryInfo folder, IProgress<double> progress)
    {
        var path = Path.Combine(folder.FullName, "bench.safetensors");
        var items = Enumerable.Range(0, catalogue).Select(item => new ItemId(BenchShop.NameOf(item))).ToArray();
        using var model = EncoderModel.Fresh(new EncoderOptions(), items, seed);
        model.Save(path);
        progress.Report(1);
        return path;
    }

    /// <summary>Shows how far each phase is, on stderr; drawn once a second, since the load generator shares the machine.</summary>
    public static Task<T> WithProgressAsync<T>(Func<Func<string, IProgress<double>>, CancellationToken, Task<T>> work, CancellationToken cancellation)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        var progress = console.Progress();
        progress.RefreshRate = TimeSpan.FromSeconds(1);
        return progress.StartAsync(context => work(name => new Phase(context.AddTask(name)), cancellation));
    }

    /// <summary>Says what was wrong, and gives the exit code.</summary>
    public static async Task<int> TellAsync(long errors, IEnumerable<string> faults, TextWriter error)
    {
        if (errors == 0)
        {
            return Cli.Done;
        }

        await error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"aptrl: {errors} answers were wrong or missing. The first:"));
        foreach (var fault in faults)
        {
            await error.WriteLineAsync($"  {fault}");
        }

        return Cli.Failed;
    }

    private sealed class Phase(ProgressTask task) : IProgress<double>
    {
        public void Report(double value) => task.Value = value * task.MaxValue;
    }
}
