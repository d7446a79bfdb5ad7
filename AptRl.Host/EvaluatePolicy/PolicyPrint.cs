using System.Globalization;
using AptRl.Model.Evaluation;
using AptRl.Model.OffPolicy;
using AptRl.Model.OffPolicy.Synthetic;
using Spectre.Console;

namespace AptRl.Host.EvaluatePolicy;

/// <summary>What <c>aptrl evaluate-policy</c> shows to people.</summary>
internal static class PolicyPrint
{
    private const int WidthMin = 120;

    public static void Print(TextWriter output, PolicyEvaluation evaluation, ConfidenceInterval? truth)
    {
        var table = TableOf("estimator", "value", "95 % interval", "ESS");
        foreach (var estimate in evaluation.Estimates)
        {
            table.AddRow(estimate.Name, Number(estimate.Value), Range(estimate.Low, estimate.High), Number(estimate.EffectiveSampleSize, "F1"));
        }

        Write(output, table);
        output.WriteLine($"target   {evaluation.Target}");
        output.WriteLine($"logged   {Interval(evaluation.Logged)}");
        if (truth is { } known)
        {
            output.WriteLine($"truth    {Interval(known)}, the mean of the target's own log");
        }

        var overlap = evaluation.Overlap;
        output.WriteLine(Text(
            $"overlap  {overlap.Rounds} rounds of {overlap.Clusters} clusters, {overlap.Rewarded} rewarded; weight: mean {overlap.WeightMean:F3} ± {overlap.WeightMeanError:F3}, largest {overlap.WeightMax:F1} ({100 * overlap.WeightMaxShare:F1} % of all), zero {100 * overlap.ZeroShare:F1} %; unsupported {100 * overlap.Unsupported:F1} %"));
        output.WriteLine($"verdict  {PolicyJson.NameOf(evaluation.Verdict.Kind)}, by {evaluation.JudgedBy}");
        foreach (var reason in evaluation.Verdict.Reasons)
        {
            output.WriteLine($"         {reason}");
        }
    }

    public static void Print(TextWriter output, IReadOnlyList<RelativeError> errors)
    {
        var table = TableOf("estimator", "relative error", "standard error", "published", "standard error", "apart, in standard errors");
        foreach (var error in errors)
        {
            table.AddRow(error.Name, Number(error.Mean), Number(error.Error), Number(error.Published), Number(error.PublishedError), Number(error.Distance, "F2"));
        }

        Write(output, table);
    }

    public static void Print(TextWriter output, IReadOnlyList<Coverage> coverages)
    {
        var table = TableOf("world", "estimator", "truth", "mean error", "standard error", "root mean square", "95 % interval covers", "width");
        foreach (var coverage in coverages)
        {
            table.AddRow(
                coverage.World, coverage.Name, Number(coverage.Truth), Number(coverage.Bias), Number(coverage.BiasError), Number(coverage.RootMeanSquare),
                Text($"{100 * coverage.Covered.Mean:F1} % ({100 * coverage.Covered.Low:F1} to {100 * coverage.Covered.High:F1})"), Number(coverage.Width));
        }

        Write(output, table);
    }

    private static Table TableOf(params string[] titles)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var title in titles)
        {
            table.AddColumn(title is "estimator" or "world" ? new TableColumn(title).NoWrap() : new TableColumn(title).RightAligned());
        }

        return table;
    }

    private static void Write(TextWriter output, Table table)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Math.Max(console.Profile.Width, WidthMin);
        console.Write(table);
    }

    private static string Interval(ConfidenceInterval interval) => $"{Number(interval.Mean)} ({Range(interval.Low, interval.High)})";

    private static string Range(double low, double high) => $"{Number(low)} to {Number(high)}";

    private static string Number(double? number, string format = "F4") => number is { } value && double.IsFinite(value) ? value.ToString(format, CultureInfo.InvariantCulture) : "-";

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
