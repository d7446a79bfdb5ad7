using System.Globalization;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace AptRl.Host.Evaluate;

/// <summary>The main figures of a prequential run for people, accuracy in percent.</summary>
internal static class PrequentialTablePrint
{
    private const int WidthMin = 170;

    private static readonly (string Title, string Metric)[] Columns =
    [
        ("HR@20", "hr@20"), ("MRR@20", "mrr@20"), ("NDCG@10", "ndcg@10"), ("repeat", "hr@20.repeat"), ("novel", "hr@20.novel"), ("new item", "hr@20.novel.since"),
        ("view", "hr@20.view"), ("cart", "hr@20.cart"), ("purchase", "hr@20.purchase"),
    ];

    public static void Print(TextWriter output, JsonArray models)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Math.Max(console.Profile.Width, WidthMin);
        var table = new Table { Border = TableBorder.Simple }.AddColumn("model").AddColumn("learns");
        foreach (var title in Columns.Select(column => column.Title).Concat(["stale h", "ask ms", "learn ms"]))
        {
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        }

        foreach (var model in models)
        {
            foreach (var schedule in model!["schedules"]!.AsArray())
            {
                table.AddRow([
                    model["name"]!.GetValue<string>(), schedule!["schedule"]!.GetValue<string>(),
                    .. Columns.Select((column, at) => Percent(schedule["metrics"]![column.Metric], withInterval: at == 0)),
                    Number(schedule["stalenessHours"]!["mean"], "F1"), Range(schedule["predictMs"]), Range(schedule["learnMs"]),
                ]);
            }
        }

        console.Write(table);
        foreach (var model in models)
        {
            foreach (var schedule in model!["schedules"]!.AsArray())
            {
                foreach (var comparison in schedule!["againstFrozen"]?.AsArray() ?? [])
                {
                    output.WriteLine(Sentence(model["name"]!, schedule["schedule"]!, comparison!));
                }
            }
        }
    }

    private static string Sentence(JsonNode model, JsonNode schedule, JsonNode comparison) => string.Create(
        CultureInfo.InvariantCulture,
        $"{model} {schedule} against frozen on {comparison["metric"]}: {100 * Value(comparison["difference"]):+0.00;-0.00} points ({100 * Value(comparison["low"]):+0.00;-0.00} to {100 * Value(comparison["high"]):+0.00;-0.00}), p = {Value(comparison["p"]):G2}");

    private static string Percent(JsonNode? value, bool withInterval)
        => value is null ? "-"
            : withInterval ? string.Create(CultureInfo.InvariantCulture, $"{100 * Value(value["mean"]):F2} ({100 * Value(value["low"]):F2} to {100 * Value(value["high"]):F2})")
            : string.Create(CultureInfo.InvariantCulture, $"{100 * Value(value["mean"]):F2}");

    private static string Range(JsonNode? value) => value is null ? "-" : $"{Number(value["p50"], "F2")} / {Number(value["p99"], "F2")}";

    private static string Number(JsonNode? value, string format) => Value(value).ToString(format, CultureInfo.InvariantCulture);

    private static double Value(JsonNode? value) => value!.GetValue<double>();
}
