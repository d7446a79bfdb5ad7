using System.Globalization;
using AptRl.Model.Evaluation;
using AptRl.Model.Simulation;
using Spectre.Console;

namespace AptRl.Host.Simulate;

/// <summary>The main figures of a simulation for people.</summary>
internal static class SimulationTable
{
    private const int WidthMin = 200;

    public static void Print(TextWriter output, SimulationOptions options, IReadOnlyList<PolicySummary> policies)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        console.Profile.Width = Math.Max(console.Profile.Width, WidthMin);
        var table = new Table { Border = TableBorder.Simple }.AddColumn(new TableColumn("policy").NoWrap());
        foreach (var title in (string[])["CTR %, 95 % interval", "of oracle", "before drift", "at end", "reward/session", "regret", "back after", "coverage", "Gini", "popularity", "same category", "narrowness"])
        {
            table.AddColumn(new TableColumn(title).RightAligned().NoWrap());
        }

        foreach (var policy in policies)
        {
            table.AddRow(
                Markup.Escape(policy.Name),
                Interval(policy.Ctr, 100, "F2"),
                Number(policy.OfOracle.Mean, "F3"),
                Number(policy.OfOracleBefore, "F3"),
                Number(policy.OfOracleAtEnd, "F3"),
                Interval(policy.RewardPerSession, 1, "F3"),
                Interval(policy.Regret, 1, "F0"),
                options.Run.DriftAfter is null ? "-" : policy.RecoveryDecisions is { } back ? Number(back, "F0") : "never",
                Number(policy.Exposure.Coverage, "F2"),
                Number(policy.Exposure.Gini, "F2"),
                Number(policy.Exposure.PopularityBias, "F2"),
                Number(policy.Exposure.SameCategory, "F2"),
                Number(policy.Exposure.Narrowness, "F2"));
        }

        console.Write(table);
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{options.Run.Decisions:N0} decisions, {options.Seeds} seed{(options.Seeds == 1 ? "" : "s")}, oracle CTR {100 * SimulationReport.OracleCtr(policies):F2} %{(options.Run.DriftAfter is { } drift ? $", tastes move after {drift:N0}" : "")}"));
    }

    private static string Interval(ConfidenceInterval interval, double by, string format)
        => $"{Number(by * interval.Mean, format)} ({Number(by * interval.Low, format)} to {Number(by * interval.High, format)})";

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
