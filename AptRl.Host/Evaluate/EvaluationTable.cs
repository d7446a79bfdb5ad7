using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace AptRl.Host.Evaluate;

/// <summary>The main figures for people, accuracy in percent.</summary>
internal static class EvaluationTable
{
    private const int WidthMin = 160;

    private static readonly (string Title, string Metric)[] Plain =
        [("P@20", "precision@20"), ("MRR@20", "mrr@20"), ("HR@10", "hr@10"), ("NDCG@10", "ndcg@10")];

    private static readonly (string Title, string Metric)[] Filtered = [("HR@10 unseen", "hr@10.filtered"), ("NDCG@10 unseen", "ndcg@10.filtered")];

    public static void Print(TextWriter output, IReadOnlyList<JsonNode> models, JsonArray comparisons, bool filtered)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Math.Max(console.Profile.Width, WidthMin);
        var columns = filtered ? [.. Filtered, .. Plain] : Plain;
        var table = new Table { Border = TableBorder.Simple }.AddColumn("model");
        foreach (var title in columns.Select(column => column.Title).Concat(["repeat", "novel", "coverage", "train s", "ms each", "MiB"]))
        {
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        }

        foreach (var model in models)
        {
            table.AddRow([
                model["name"]!.GetValue<string>(),
                .. columns.Select((column, at) => Percent(model, column.Metric, withInterval: at < 2)),
                Percent(model, "hr@20.repeat"), Percent(model, "hr@20.novel"), Percent(model, "coverage@20"),
                Number(model, "trainSeconds", "F1"), Number(model, "predictMs", "F2"), Number(model, "peakMemoryMb", "F0"),
            ]);
        }

        console.Write(table);
        foreach (var comparison in comparisons.Where(comparison => !IsForTheFile(comparison!["metric"]!.GetValue<string>())))
        {
            output.WriteLine(Sentence(comparison!));
        }
    }

    /// <summary>By kind there are too many to read: of them only the ranking of all that was bought or put in the cart is told.</summary>
    private static bool IsForTheFile(string metric) => metric.StartsWith("hr@20.", StringComparison.Ordinal) || metric.Split('.').Length > 2;

    private static string Sentence(JsonNode comparison)
    {
        var relative = comparison["relative"] is { } gain
            ? string.Create(CultureInfo.InvariantCulture, $", {100 * Value(gain, "mean"):+0.0;-0.0} % ({100 * Value(gain, "low"):+0.0;-0.0} to {100 * Value(gain, "high"):+0.0;-0.0})")
            : "";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{comparison["model"]} against {comparison["against"]} on {comparison["metric"]}: {100 * Value(comparison, "difference"):+0.00;-0.00} points ({100 * Value(comparison, "low"):+0.00;-0.00} to {100 * Value(comparison, "high"):+0.00;-0.00}){relative}, p = {Value(comparison, "p"):G2}");
    }

    private static string Percent(JsonNode model, string metric, bool withInterval = false)
        => model["metrics"]![metric] is not { } value ? "-"
            : withInterval ? string.Create(CultureInfo.InvariantCulture, $"{100 * Value(value, "mean"):F2} ({100 * Value(value, "low"):F2} to {100 * Value(value, "high"):F2})")
            : string.Create(CultureInfo.InvariantCulture, $"{100 * Value(value, "mean"):F2}");

    private static string Number(JsonNode model, string name, string format) => Value(model, name).ToString(format, CultureInfo.InvariantCulture);

    private static double Value(JsonNode node, string name) => node[name]!.GetValue<double>();
}
