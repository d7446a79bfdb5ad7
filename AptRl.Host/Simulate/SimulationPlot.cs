using AptRl.Model.Simulation;
using ScottPlot;

namespace AptRl.Host.Simulate;

/// <summary>The course of a simulation as a picture: above the share of the oracle's clicks, below the clicks missed so far.</summary>
internal static class SimulationPlot
{
    private const int Width = 1200;
    private const int Height = 1100;

    // A point of the upper curves is the mean of so much of the run: single steps scatter.
    private const int PointsMax = 50;

    public static void Save(string path, SimulationOptions options, IReadOnlyList<PolicySummary> policies)
    {
        var both = new Multiplot();
        both.AddPlots(2);
        var share = Prepared(both.GetPlot(0), "Share of the oracle's clicks", options);
        var regret = Prepared(both.GetPlot(1), "Regret: expected clicks missed so far", options);
        var palette = new ScottPlot.Palettes.Category20();
        for (var at = 0; at < policies.Count; at++)
        {
            var policy = policies[at];
            var color = palette.GetColor(at);
            Draw(share, policy.Name, color, [.. Smoothed(policy)]);
            Draw(regret, policy.Name, color, [.. Missed(policy)]);
        }

        share.Axes.SetLimitsY(0, 1.05);
        both.SavePng(path, Width, Height);
    }

    private static Plot Prepared(Plot plot, string title, SimulationOptions options)
    {
        plot.Title(title);
        plot.XLabel("decisions");
        plot.ShowLegend(Edge.Right);
        plot.Legend.FontSize = 11;
        if (options.Run.DriftAfter is { } drift)
        {
            var mark = plot.Add.VerticalLine(drift, 1, Colors.Gray, LinePattern.Dashed);
            mark.LegendText = "tastes move";
        }

        return plot;
    }

    private static void Draw(Plot plot, string name, Color color, (double At, double Value)[] points)
    {
        double[] at = [.. points.Select(point => point.At)];
        double[] value = [.. points.Select(point => point.Value)];
        var line = plot.Add.ScatterLine(at, value, color);
        (line.LegendText, line.LineWidth) = (name, name == "aptrl" ? 3 : 1.5f);
    }

    private static IEnumerable<(double, double)> Smoothed(PolicySummary policy)
    {
        var per = (policy.Curve.Count + PointsMax - 1) / PointsMax;
        var done = 0;
        foreach (var part in policy.Curve.Chunk(per))
        {
            done += part.Length;
            yield return ((done - part.Length / 2.0) * policy.StepLength, part.Sum(step => step.Ctr) / part.Sum(step => step.Oracle));
        }
    }

    private static IEnumerable<(double, double)> Missed(PolicySummary policy)
    {
        var (done, missed) = (0, 0.0);
        foreach (var (ctr, oracle) in policy.Curve)
        {
            missed += (oracle - ctr) * policy.StepLength;
            yield return (++done * policy.StepLength, missed);
        }
    }
}
