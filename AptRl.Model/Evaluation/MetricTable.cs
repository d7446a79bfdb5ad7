using System.Numerics.Tensors;
using AptRl.Model.Events;

namespace AptRl.Model.Evaluation;

/// <summary>What each cluster of questions adds to each metric: all that intervals and comparisons need.</summary>
/// <remarks>With several seeds a cluster's share is the mean over them, so that an interval speaks of the questions and not of the seeds.</remarks>
public sealed class MetricTable
{
    private static readonly int GroupCount = RankingMetrics.Groups.Length;

    private readonly IReadOnlyList<(string Name, int Group, Func<RankedAnswer, double> Value)> _metrics;
    private readonly double[] _sums;

    private MetricTable(IReadOnlyList<(string, int, Func<RankedAnswer, double>)> metrics, double[] sums)
        => (_metrics, _sums) = (metrics, sums);

    /// <summary>Names of the metrics, in the order of the report.</summary>
    public IEnumerable<string> Names => _metrics.Select(metric => metric.Name);

    private int Columns => GroupCount + _metrics.Count;

    private int Clusters => _sums.Length / Columns;

    /// <summary>Adds up.</summary>
    /// <param name="answers">One per question.</param>
    /// <param name="filtered">Whether the ranking without seen items is wanted too.</param>
    public static MetricTable Of(IReadOnlyCollection<RankedAnswer> answers, bool filtered)
    {
        var metrics = RankingMetrics.Means(filtered, answers.Any(answer => answer.Kind != 0));
        var columns = GroupCount + metrics.Count;
        var rows = new Dictionary<int, int>();
        foreach (var answer in answers)
        {
            rows.TryAdd(answer.Cluster, rows.Count);
        }

        var sums = new double[rows.Count * columns];
        foreach (var answer in answers)
        {
            var row = sums.AsSpan(rows[answer.Cluster] * columns, columns);
            for (var group = 0; group < GroupCount; group++)
            {
                row[group] += RankingMetrics.Groups[group].Has(answer) ? 1 : 0;
            }

            for (var metric = 0; metric < metrics.Count; metric++)
            {
                if (RankingMetrics.Groups[metrics[metric].Group].Has(answer))
                {
                    row[GroupCount + metric] += metrics[metric].Value(answer);
                }
            }
        }

        return new MetricTable(metrics, sums);
    }

    /// <summary>The mean of tables over the same questions.</summary>
    /// <exception cref="ArgumentException">They are not over the same questions.</exception>
    public static MetricTable Mean(IReadOnlyList<MetricTable> tables)
    {
        var sums = new double[tables[0]._sums.Length];
        foreach (var table in tables)
        {
            tables[0].CheckSameQuestions(table);
            TensorPrimitives.MultiplyAdd<double>(table._sums, 1.0 / tables.Count, sums, sums);
        }

        return new MetricTable(tables[0]._metrics, sums);
    }

    /// <summary>The value of a metric; not a number where no question is of its kind.</summary>
    public double this[string metric]
    {
        get
        {
            var (numerator, denominator) = ColumnsOf(metric);
            return Sum(numerator) / Sum(denominator);
        }
    }

    /// <summary>How many questions a metric is over.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public long Questions(string metric) => (long)Math.Round(Sum(ColumnsOf(metric).Denominator));

    /// <summary>Every metric that some question counts for, with its 95 % interval by bootstrap over clusters.</summary>
    /// <remarks>Where resampling cannot vary, since the metric is 0 or 1 throughout, it is Wilson's; of a single cluster nothing is known but [0, 1].</remarks>
    public IReadOnlyDictionary<string, ConfidenceInterval> Intervals(int resamples, Chance chance)
    {
        var ratios = Names.Select(ColumnsOf).ToArray();
        var intervals = ClusteredBootstrap.OfRatios(_sums, Columns, ratios, resamples, chance);
        var report = new Dictionary<string, ConfidenceInterval>();
        for (var metric = 0; metric < ratios.Length; metric++)
        {
            var (sum, count) = (Sum(ratios[metric].Numerator), Sum(ratios[metric].Denominator));
            if (count > 0)
            {
                report[_metrics[metric].Name] = sum <= 0 || sum >= count ? WilsonInterval.Of(sum <= 0 ? 0 : (long)count, (long)count)
                    : Clusters < 2 ? new ConfidenceInterval(sum / count, 0, 1)
                    : intervals[metric];
            }
        }

        return report;
    }

    /// <summary>How much better this is than the other by a metric, and how surely.</summary>
    /// <exception cref="ArgumentException">They are not over the same questions, or there is no such metric.</exception>
    public PairedDifference Against(MetricTable other, string metric, int resamples, Chance chance)
    {
        CheckSameQuestions(other);
        var (numerator, denominator) = ColumnsOf(metric);
        var pairs = new (double Ours, double Theirs, double Count)[Clusters];
        for (var cluster = 0; cluster < pairs.Length; cluster++)
        {
            var row = cluster * Columns;
            pairs[cluster] = (_sums[row + numerator], other._sums[row + numerator], _sums[row + denominator]);
        }

        return PairedDifference.Of(pairs, resamples, chance);
    }

    private void CheckSameQuestions(MetricTable other)
    {
        var isSame = _sums.Length == other._sums.Length && Columns == other.Columns;
        for (var row = 0; isSame && row < _sums.Length; row += Columns)
        {
            isSame = Math.Abs(_sums[row] - other._sums[row]) < 1e-6;
        }

        if (!isSame)
        {
            throw new ArgumentException("the tables are not over the same questions: judge both on one test part", nameof(other));
        }
    }

    private (int Numerator, int Denominator) ColumnsOf(string name)
    {
        for (var metric = 0; metric < _metrics.Count; metric++)
        {
            if (_metrics[metric].Name == name)
            {
                return (GroupCount + metric, _metrics[metric].Group);
            }
        }

        throw new ArgumentException($"there is no metric {name}: the metrics are {string.Join(", ", Names)}", nameof(name));
    }

    private double Sum(int column)
    {
        var sum = 0.0;
        for (var at = column; at < _sums.Length; at += Columns)
        {
            sum += _sums[at];
        }

        return sum;
    }
}
