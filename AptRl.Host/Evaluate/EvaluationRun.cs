using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using AptRl.Model.Evaluation;
using AptRl.Model.Recommenders;

namespace AptRl.Host.Evaluate;

/// <summary>Judges one recipe after another and keeps what came out, in memory and where wanted in a file.</summary>
internal sealed class EvaluationRun(Evaluator evaluator, EvaluationOptions options, JsonObject dataset)
{
    private readonly Dictionary<string, JsonNode> _entries = [];
    private readonly Dictionary<string, MetricTable> _tables = [];
    private EvaluationFile? _file;

    public JsonArray Comparisons { get; private set; } = [];

    public static JsonObject Machine() => new()
    {
        ["processors"] = Environment.ProcessorCount, ["system"] = RuntimeInformation.OSDescription, ["runtime"] = RuntimeInformation.FrameworkDescription,
    };

    public bool Has(string model) => _entries.ContainsKey(model);

    public JsonNode Entry(string model) => _entries[model];

    /// <summary>Tells the file something more; call it after <see cref="KeepIn"/>.</summary>
    public void Say(string name, JsonNode what) => _file?.Say(name, what);

    /// <summary>Keeps everything in a file from now on, beginning with what it has where the run is to go on.</summary>
    public void KeepIn(string path, bool resume)
    {
        var asked = new JsonObject
        {
            ["trials"] = options.Trials, ["seeds"] = options.Seeds, ["seed"] = options.Seed, ["quick"] = options.Quick, ["testMax"] = options.TestMax,
        };
        _file = EvaluationFile.Open(path, resume, dataset, asked, Machine());
        foreach (var model in _file.Models)
        {
            _entries[model] = _file.Entry(model);
            _tables[model] = MetricTable.Mean(Tables(_file.Answers(model, options.Seeds, evaluator.Test)));
        }

        Comparisons = EvaluationEntry.Comparisons(_tables, options);
    }

    public void Evaluate(IRecipe recipe, IProgress<(double Share, string Note)> progress, CancellationToken cancellation)
    {
        var report = evaluator.Evaluate(recipe, progress, cancellation);
        var seeds = Tables(report.Seeds.Select(seed => (IReadOnlyCollection<RankedAnswer>)seed.Answers));
        var table = MetricTable.Mean(seeds);
        var entry = EvaluationEntry.Model(report, seeds, table, options);
        (_entries[recipe.Name], _tables[recipe.Name]) = (entry, table);
        Comparisons = EvaluationEntry.Comparisons(_tables, options);
        _file?.Add(entry, report, (JsonArray)Comparisons.DeepClone());
    }

    private MetricTable[] Tables(IEnumerable<IReadOnlyCollection<RankedAnswer>> seeds)
        => [.. seeds.Select(answers => MetricTable.Of(answers, evaluator.IsFiltered))];
}
