using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptRl.Model.Evaluation;
using AptRl.Model.Recommenders;
using AptRl.Model.Recommenders.Online;

namespace AptRl.Host.Evaluate;

/// <summary>Runs recipes under schedules, one after another, and keeps what came out.</summary>
internal sealed class PrequentialEvaluation
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Model.Datasets.EventLog _log;
    private readonly Prequential _prequential;
    private readonly PrequentialOptions _options;
    private readonly JsonObject _root;

    public PrequentialEvaluation(Model.Datasets.EventLog log, PrequentialOptions options, long rejected)
    {
        (_log, _options, _prequential) = (log, options, new Prequential(log, options));
        _root = new JsonObject
        {
            ["dataset"] = PrequentialEntry.Dataset(log, _prequential, rejected),
            ["options"] = new JsonObject { ["fitShare"] = options.FitShare, ["untilShare"] = options.UntilShare, ["seed"] = options.Seed },
            ["machine"] = EvaluationRun.Machine(),
            ["models"] = new JsonArray(),
        };
    }

    public JsonArray Models => _root["models"]!.AsArray();

    /// <summary>Fits a recipe once and runs it under each schedule.</summary>
    public void Evaluate(
        IOnlineRecipe recipe, IReadOnlyList<LearningSchedule> schedules, FitContext context, Action<string, double> progress, CancellationToken cancellation)
    {
        var clock = Stopwatch.StartNew();
        using var start = recipe.Fit(_log, _prequential.FitTouches, context);
        var entry = new JsonObject { ["name"] = recipe.Name, ["fitSeconds"] = EvaluationEntry.Rounded(clock.Elapsed.TotalSeconds), ["schedules"] = new JsonArray() };
        PrequentialTable? frozen = null;
        foreach (var schedule in schedules)
        {
            var name = PrequentialEntry.NameOf(schedule);
            var run = _prequential.Run(start, schedule, new Relay(share => progress(name, share)), cancellation);
            var table = PrequentialTable.Of(run.Answers);
            entry["schedules"]!.AsArray().Add((JsonNode)PrequentialEntry.Schedule(run, table, frozen, _options));
            frozen = schedule is LearningSchedule.Frozen ? table : frozen;
        }

        Models.Add((JsonNode)entry);
    }

    /// <summary>Writes everything so far, in one step.</summary>
    public void Write(string path)
    {
        File.WriteAllText(path + ".new", _root.ToJsonString(Readable) + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    private sealed class Relay(Action<double> report) : IProgress<double>
    {
        public void Report(double value) => report(value);
    }
}
