using System.Text.Json.Nodes;
using AptRl.Model.Datasets;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;

namespace AptRl.Host.Evaluate;

/// <summary>Puts what a prequential run measured into the words of the result file.</summary>
internal static class PrequentialEntry
{
    private const double Hour = 3_600;
    private const double Day = 86_400;

    /// <summary>What a schedule is compared with <c>frozen</c> by.</summary>
    private static readonly string[] Compared =
        ["hr@20", "mrr@20", "ndcg@10", "hr@20.repeat", "mrr@20.repeat", "hr@20.novel", "mrr@20.novel", "hr@20.novel.fitted", "hr@20.novel.since"];

    public static string NameOf(LearningSchedule schedule) => schedule is LearningSchedule.PerEvent ? "per-event" : schedule.ToString().ToLowerInvariant();

    public static JsonObject Dataset(EventLog log, Prequential prequential, long rejected)
    {
        var asked = prequential.Asked;
        return new JsonObject
        {
            ["name"] = log.Name,
            ["format"] = "events",
            ["touches"] = log.Touches.Length,
            ["users"] = log.Users,
            ["items"] = log.Items.Length,
            ["rejectedEvents"] = rejected,
            ["fitTouches"] = prequential.FitTouches,
            ["fitItems"] = log.ItemsMet(prequential.FitTouches),
            ["askedTouches"] = asked.Length,
            ["from"] = DateTimeOffset.FromUnixTimeSeconds(asked[0].Touch.Seconds),
            ["to"] = DateTimeOffset.FromUnixTimeSeconds(asked[^1].Touch.Seconds),
        };
    }

    public static JsonObject Schedule(PrequentialRun run, PrequentialTable table, PrequentialTable? frozen, PrequentialOptions options)
    {
        var (metrics, slices) = (new JsonObject(), new JsonArray());
        foreach (var (name, interval) in table.Intervals(options.Resamples, new Chance(options.Seed).Split("bootstrap")))
        {
            var entry = EvaluationEntry.Interval(interval, "mean");
            if (name.StartsWith("hr@20.slice", StringComparison.Ordinal))
            {
                var slice = slices.Count;
                var ages = run.Answers.Where((_, at) => PrequentialTable.SliceOf(at, run.Answers.Length) == slice)
                    .Select(answer => (answer.Seconds - run.Answers[0].Seconds) / Day);
                slices.Add((JsonNode)new JsonObject { ["daysSinceFit"] = EvaluationEntry.Rounded(ages.Average()), ["hr@20"] = entry });
            }
            else
            {
                entry["questions"] = table.Questions(name);
                metrics[name] = entry;
            }
        }

        return new JsonObject
        {
            ["schedule"] = NameOf(run.Schedule),
            ["metrics"] = metrics,
            ["stalenessHours"] = MeanAndHigh([.. run.Answers.Select(answer => answer.StalenessSeconds / Hour)], .95, "p95"),
            ["touchesWaiting"] = MeanAndHigh([.. run.Answers.Select(answer => (double)answer.Waiting)], .95, "p95"),
            ["predictMs"] = MiddleAndHigh([.. run.PredictMilliseconds]),
            ["learnCalls"] = run.LearnMilliseconds.Length,
            ["learnMs"] = run.LearnMilliseconds.IsEmpty ? null : MiddleAndHigh([.. run.LearnMilliseconds]),
            ["byAge"] = slices,
            ["againstFrozen"] = frozen is null ? null : Comparisons(table, frozen, options),
        };
    }

    private static JsonArray Comparisons(PrequentialTable table, PrequentialTable frozen, PrequentialOptions options)
    {
        var comparisons = new JsonArray();
        foreach (var metric in Compared.Where(metric => table.Questions(metric) > 0))
        {
            var paired = table.Against(frozen, metric, options.Resamples, new Chance(options.Seed).Split("paired"));
            var comparison = EvaluationEntry.Interval(paired.Difference, "difference");
            (comparison["metric"], comparison["p"]) = (metric, EvaluationEntry.Rounded(paired.PValue));
            comparisons.Add((JsonNode)comparison);
        }

        return comparisons;
    }

    private static JsonObject MeanAndHigh(double[] values, double share, string name)
    {
        Array.Sort(values);
        return new JsonObject { ["mean"] = EvaluationEntry.Rounded(values.Average()), [name] = EvaluationEntry.Rounded(At(values, share)) };
    }

    private static JsonObject MiddleAndHigh(double[] values)
    {
        Array.Sort(values);
        return new JsonObject { ["p50"] = EvaluationEntry.Rounded(At(values, .5)), ["p99"] = EvaluationEntry.Rounded(At(values, .99)) };
    }

    private static double At(double[] sorted, double share) => sorted[Math.Min(sorted.Length - 1, (int)(share * sorted.Length))];
}
