using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptRl.Host.Commands;
using AptRl.Model.Datasets;
using AptRl.Model.Evaluation;

namespace AptRl.Host.Evaluate;

/// <summary>The result of <c>aptrl evaluate</c> on the disk: complete after each model, so that a run that is killed keeps what it has.</summary>
/// <remarks>Beside FILE stands the folder FILE.ranks with the place of every target, a model and seed a file: paired tests of a later run need them.</remarks>
internal sealed class EvaluationFile
{
    private const string RankHeader = "rank\tfiltered_rank";
    private const string Miss = "-";

    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly string _path;
    private readonly JsonObject _root;

    private EvaluationFile(string path, JsonObject root) => (_path, _root) = (path, root);

    /// <summary>Names of the models that it holds.</summary>
    public IEnumerable<string> Models => Entries.Select(NameOf);

    private JsonArray Entries => _root["models"]!.AsArray();

    /// <summary>Begins a file, or goes on with one of the same data and options.</summary>
    /// <exception cref="UserErrorException">The one that is there is of other data or options.</exception>
    public static EvaluationFile Open(string path, bool resume, JsonObject dataset, JsonObject options, JsonObject machine)
    {
        if (resume && File.Exists(path))
        {
            var root = Read(path);
            CheckSame(path, "dataset", root, dataset);
            CheckSame(path, "options", root, options);
            return new EvaluationFile(path, root);
        }

        return new EvaluationFile(path, new JsonObject
        {
            ["dataset"] = dataset, ["options"] = options, ["machine"] = machine, ["models"] = new JsonArray(), ["comparisons"] = new JsonArray(),
        });
    }

    /// <summary>What it says of a model.</summary>
    public JsonNode Entry(string model) => Entries.Single(entry => NameOf(entry) == model)!;

    /// <summary>Puts something more beside the models, to be written with the next of them.</summary>
    public void Say(string name, JsonNode what) => _root[name] = what;

    /// <summary>Adds a model and writes the whole.</summary>
    public void Add(JsonObject entry, ModelReport report, JsonArray comparisons)
    {
        Directory.CreateDirectory(FolderOfRanks);
        for (var seed = 0; seed < report.Seeds.Length; seed++)
        {
            WriteWhole(RanksOf(report.Name, seed), string.Join('\n', report.Seeds[seed].Answers.Select(Line).Prepend(RankHeader).Append("")));
        }

        Entries.Add((JsonNode)entry);
        _root["comparisons"] = comparisons;
        WriteWhole(_path, _root.ToJsonString(Readable) + "\n");
    }

    /// <summary>The answers of a model of an earlier run, one list per seed; what they listed beside the target is not kept.</summary>
    /// <exception cref="UserErrorException">Its ranks are not there, or not of these questions.</exception>
    public IReadOnlyList<RankedAnswer>[] Answers(string model, int seeds, IReadOnlyList<AnsweredQuestion> questions)
        => [.. Enumerable.Range(0, seeds).Select(seed => Answers(RanksOf(model, seed), questions))];

    private static IReadOnlyList<RankedAnswer> Answers(string path, IReadOnlyList<AnsweredQuestion> questions)
    {
        string[] lines = File.Exists(path) ? File.ReadAllLines(path) : [];
        var ranks = lines.Skip(1).Select(line => line.Split('\t').Select(RankOf).ToArray()).ToArray();
        if (lines is not [RankHeader, ..] || ranks.Length != questions.Count || ranks.Any(rank => rank is not [> 0, > 0]))
        {
            throw new UserErrorException($"{path} is missing or not of these {questions.Count} questions: run without --resume");
        }

        return [.. ranks.Select((rank, at) => new RankedAnswer(rank[0], rank[1], questions[at].IsRepeat, 0, questions[at].Cluster, questions[at].Kind))];
    }

    private string FolderOfRanks => _path + ".ranks";

    private string RanksOf(string model, int seed) => Path.Combine(FolderOfRanks, string.Create(CultureInfo.InvariantCulture, $"{model}.{seed + 1}.tsv"));

    /// <summary>Beside it first, then in one step to its place: there is never half a file.</summary>
    private static void WriteWhole(string path, string text)
    {
        File.WriteAllText(path + ".new", text);
        File.Move(path + ".new", path, overwrite: true);
    }

    private static string Line(RankedAnswer answer) => $"{Text(answer.Rank)}\t{Text(answer.FilteredRank)}";

    private static string Text(int rank) => rank == RankedAnswer.Miss ? Miss : rank.ToString(CultureInfo.InvariantCulture);

    private static int RankOf(string text)
        => text == Miss ? RankedAnswer.Miss : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var rank) ? rank : 0;

    private static string NameOf(JsonNode? entry) => entry!["name"]!.GetValue<string>();

    private static JsonObject Read(string path)
    {
        try
        {
            if (JsonNode.Parse(File.ReadAllText(path)) is JsonObject root && root["models"] is JsonArray)
            {
                return root;
            }
        }
        catch (JsonException)
        {
            // Said below, as for any file that is not of ours.
        }

        throw new UserErrorException($"{path} is not a result of aptrl evaluate: name another file, or run without --resume");
    }

    private static void CheckSame(string path, string part, JsonObject root, JsonObject wanted)
    {
        foreach (var (name, value) in wanted)
        {
            if (!JsonNode.DeepEquals(root[part]?[name], value))
            {
                throw new UserErrorException(
                    $"{path} has {name} {root[part]?[name]?.ToJsonString() ?? "null"} and this run {value?.ToJsonString() ?? "null"}: "
                    + "give the same data and options, name another file, or run without --resume");
            }
        }
    }
}
