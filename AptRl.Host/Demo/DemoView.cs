using System.Globalization;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace AptRl.Host.Demo;

/// <summary>Draws a demo's report for people.</summary>
internal static class DemoView
{
    private const int SeriesWidth = 40;

    /// <summary>The policies, how each does and how that went over time.</summary>
    public static Table Policies(DemoReport report)
    {
        var table = new Table().RoundedBorder().AddColumns(
            new TableColumn("policy"),
            new TableColumn("page views").RightAligned(),
            new TableColumn("clicked").RightAligned(),
            new TableColumn("95 % interval"),
            new TableColumn(report.DriftAtSeconds is null ? "over time" : "over time (┊ tastes moved)"));
        var top = Math.Max(report.BestCtr ?? 0, 0.01);
        var mark = report.DriftAtSeconds is { } at ? (int?)(at / report.SeriesStepSeconds) : null;
        foreach (var policy in report.Policies)
        {
            table.AddRow(
                Markup.Escape(policy.Name),
                Number(policy.Decisions),
                Percent(policy.Ctr.Mean),
                $"{Percent(policy.Ctr.Low)} – {Percent(policy.Ctr.High)}",
                Sparkline.Of(policy.Series, top, mark, SeriesWidth));
        }

        if (report.BestCtr is { } best)
        {
            table.AddRow("[grey]best possible[/]", $"[grey]{Number(report.Decisions)}[/]", $"[grey]{Percent(best)}[/]", "[grey]computed[/]", string.Empty);
        }

        return table;
    }

    /// <summary>The table, the pace, and what to try.</summary>
    public static IRenderable Live(DemoReport report, DemoReport? before, DateTimeOffset eventTime, string url, string scenario)
    {
        var since = before is null ? report.Seconds : report.Seconds - before.Seconds;
        var pace = since <= 0 ? string.Empty : string.Create(
            CultureInfo.InvariantCulture,
            $"{(report.Decisions - (before?.Decisions ?? 0)) / since:0} page views/s, {(report.Events - (before?.Events ?? 0)) / since:0} events/s");
        return new Rows(
            Policies(report),
            new Markup(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Seconds:0} s · {pace} · policy version {report.PolicyVersion} · {Number(report.RewardsJoined)} rewards joined · in the shop it is {eventTime:ddd HH:mm}")),
            new Text(string.Empty),
            new Markup($"Dashboard: [link]{Markup.Escape(url)}/[/]"),
            new Markup($"Ask it yourself, at [link]{Markup.Escape(url)}[/] (Ctrl-C ends the demo):"),
            new Text($"  curl -s {url}/v1/recommend -H 'content-type: application/json' -d '{{\"user\":\"you\",\"scenario\":\"{scenario}\",\"n\":5}}'"),
            new Text($"  curl -s {url}/v1/users/shopper-0001/window"),
            new Text($"  curl -N {url}/v1/stream"));
    }

    /// <summary>What is left on the screen at the end.</summary>
    public static IRenderable Summary(DemoReport report)
        => new Rows(
            Policies(report),
            new Markup(string.Create(
                CultureInfo.InvariantCulture,
                $"{report.Seconds:0.0} s, {Number(report.Decisions)} page views ({Rate(report.Decisions, report)}/s), {Number(report.Events)} events ({Rate(report.Events, report)}/s): {Number(report.Accepted)} accepted, {Number(report.Duplicate)} duplicate, {Number(report.Late)} late; busy {Number(report.Busy)} times; {Number(report.RewardsJoined)} rewards joined; policy version {report.PolicyVersion}.")),
            new Markup("[grey]Clicked: page views on which an item of the slate was clicked / page views. The interval is resampled by shopper.[/]"));

    private static string Rate(long count, DemoReport report)
        => (count / Math.Max(report.Seconds, 1e-9)).ToString("0", CultureInfo.InvariantCulture);

    private static string Number(long number) => number.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.0} %");
}
