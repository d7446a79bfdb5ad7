using System.Text.Json.Nodes;
using AptRl.Model.Datasets;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;

namespace AptRl.Host.Evaluate;

/// <summary>Puts what was measured into the words of the result file.</summary>
internal static class EvaluationEntry
{
    /// <summary>Pairs that are tested: ours against what the paper claims a gain over, by the metric it claims it in.</summary>
    private static readonly (string Ours, string Theirs, string Metric)[] Pairs =
    [
        .. from ours in new[] { "transformer", "aptrl" }
           from pair in new[] { ("lstm", "precision@20"), ("bpr-mf", "hr@20"), ("ials", "hr@20") }
           select (ours, pair.Item1, pair.Item2),
    ];

    public static JsonObject Dataset(NextItemTask task, string format, Evaluator evaluator, long rejected)
    {
        var (training, test) = (task.Training, evaluator.Test);
        return new JsonObject
        {
            ["name"] = task.Name,
            ["format"] = format,
            ["fingerprint"] = task.Fingerprint(),
            ["sequences"] = training.Sequences.Count,
            ["items"] = training.Items.Length,
            ["touches"] = training.Sequences.Sum(touches => (long)touches.Length),
            ["rejectedEvents"] = rejected,
            ["testQuestions"] = test.Length,
            ["testClusters"] = test.Select(question => question.Cluster).Distinct().Count(),
            ["testRepeatShare"] = Rounded((double)test.Count(question => question.IsRepeat) / test.Length),
            ["testUnknownTargetShare"] = Rounded((double)test.Count(question => question.Target == IndexedTouch.NoItem) / test.Length),
        };
    }

    /// <summary>What the heads are tested against, by what they claim: what is bought and put in the cart, known to the user before or not.</summary>
    private static readonly (string Ours, string Theirs, string Metric)[] HeadPairs =
    [
        .. from ours in Recipes.Heads.Concat(Recipes.Controls).Select(recipe => recipe.Name)
           from theirs in new[] { "control-supervised", "repeat-last" }
           where ours != theirs
           from kind in new[] { "", ".purchase", ".cart" }
           from novelty in kind.Length == 0 ? [""] : new[] { "", ".repeat", ".novel" }
           from metric in new[] { "ndcg@20", "hr@20" }
           select (ours, theirs, $"{metric}{kind}{novelty}"),
    ];

    public static JsonObject Model(ModelReport report, MetricTable[] seeds, MetricTable table, EvaluationOptions options)
    {
        var entry = Model(report);
        entry["metrics"] = Metrics(report, seeds, table, options);
        if (!report.Figures.IsEmpty)
        {
            entry["figures"] = new JsonObject(report.Figures[0].Keys.Select(name => KeyValuePair.Create<string, JsonNode?>(
                name, WithSeeds(new JsonObject { ["mean"] = Rounded(report.Figures.Average(told => told[name])) }, [.. report.Figures.Select(told => told[name])]))));
        }

        if (!report.NextActions.IsEmpty)
        {
            entry["nextAction"] = NextActionEntry.Of(report.NextActions);
        }

        return entry;
    }

    private static JsonObject Model(ModelReport report) => new()
    {
        ["name"] = report.Name,
        ["settings"] = report.Settings,
        ["metrics"] = null,
        ["trainSeconds"] = Rounded(report.TrainSeconds),
        ["predictMs"] = Rounded(report.PredictMilliseconds),
        ["peakMemoryMb"] = Rounded(report.PeakMemoryMegabytes),
        ["tuneSeconds"] = Rounded(report.TuneSeconds),
        ["trials"] = new JsonArray([.. report.Trials.Select(trial => new JsonObject
        {
            ["settings"] = trial.Settings,
            ["mrr@20"] = Rounded(trial.ReciprocalRankAt20),
            ["hr@20"] = Rounded(trial.HitRateAt20),
            ["fitSeconds"] = Rounded(trial.FitSeconds),
        })]),
    };

    public static JsonArray Comparisons(IReadOnlyDictionary<string, MetricTable> tables, EvaluationOptions options)
    {
        var comparisons = new JsonArray();
        foreach (var (ours, theirs, metric) in Pairs.Concat(HeadPairs))
        {
            if (tables.TryGetValue(ours, out var our) && tables.TryGetValue(theirs, out var their) && our.Names.Contains(metric) && our.Questions(metric) > 0)
            {
                var paired = our.Against(their, metric, options.Resamples, new Chance(options.Seed).Split("paired"));
                var comparison = Interval(paired.Difference, "difference");
                (comparison["model"], comparison["against"], comparison["metric"], comparison["p"]) = (ours, theirs, metric, Rounded(paired.PValue));
                comparison["relative"] = double.IsFinite(paired.Relative.Mean) ? Interval(paired.Relative, "mean") : null;
                comparisons.Add((JsonNode)comparison);
            }
        }

        return comparisons;
    }

    private static JsonObject Metrics(ModelReport report, MetricTable[] seeds, MetricTable table, EvaluationOptions options)
    {
        var metrics = new JsonObject();
        foreach (var (name, interval) in table.Intervals(options.Resamples, new Chance(options.Seed).Split("bootstrap")))
        {
            metrics[name] = WithSeeds(Interval(interval, "mean"), [.. seeds.Select(seed => seed[name])]);
        }

        // How much of the catalogue is ever listed is a fact of this run, not a mean that other questions would move.
        double[] coverages = [.. report.Seeds.Select(seed => seed.Coverage)];
        var coverage = coverages.Average();
        metrics[RankingMetrics.Coverage] = WithSeeds(Interval(new ConfidenceInterval(coverage, coverage, coverage), "mean"), coverages);
        return metrics;
    }

    private static JsonObject WithSeeds(JsonObject metric, double[] values)
    {
        if (values.Length > 1)
        {
            var mean = values.Average();
            metric["spread"] = Rounded(Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1)));
            metric["seeds"] = new JsonArray([.. values.Select(value => JsonValue.Create(Rounded(value)))]);
        }

        return metric;
    }

    public static JsonObject Interval(ConfidenceInterval interval, string estimate)
        => new() { [estimate] = Rounded(interval.Mean), ["low"] = Rounded(interval.Low), ["high"] = Rounded(interval.High) };

    public static double Rounded(double number) => Math.Round(number, 6);
}
