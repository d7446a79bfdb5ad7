using AptRl.Model.Events;

namespace AptRl.Model.Evaluation;

/// <summary>What each user's questions add to each metric: all that intervals and comparisons of a prequential run need.</summary>
/// <remarks>
/// For hr@20, mrr@20 and ndcg@10 (see <see cref="RankingMetrics"/>): over all questions; <c>.repeat</c> and <c>.novel</c> to the
/// user, the latter with <c>.novel.fitted</c> and <c>.novel.since</c> by whether the fit had seen the item (items that nobody
/// had touched are novel and neither); <c>.view</c>, <c>.cart</c> and <c>.purchase</c>, each also with <c>.repeat</c> and
/// <c>.novel</c>. <c>hr@20.slice1</c> to <c>hr@20.slice10</c> are over tenths of the questions in the order of time.
/// </remarks>
public sealed class PrequentialTable
{
    /// <summary>Equal parts of the questions, in the order of time, for accuracy by age of the fit.</summary>
    public const int Slices = 10;

    private static readonly (string Name, int Length, Func<int, double> Of)[] Metrics =
    [
        ("hr@20", 20, _ => 1),
        ("mrr@20", 20, rank => 1.0 / rank),
        ("ndcg@10", 10, rank => 1 / Math.Log2(rank + 1.0)),
    ];

    private static readonly (string Name, Func<PrequentialAnswer, bool> Has)[] Groups =
    [
        ("", _ => true),
        (".repeat", IsRepeat),
        (".novel", IsNovel),
        (".novel.fitted", answer => answer.Target is TargetNovelty.Fitted),
        (".novel.since", answer => answer.Target is TargetNovelty.Since),
        .. from kind in new[] { ("view", InteractionKind.ViewItem), ("cart", InteractionKind.AddToCart), ("purchase", InteractionKind.Purchase) }
           from novelty in new (string Name, Func<PrequentialAnswer, bool> Has)[] { ("", _ => true), (".repeat", IsRepeat), (".novel", IsNovel) }
           select ($".{kind.Item1}{novelty.Name}", (Func<PrequentialAnswer, bool>)(answer => answer.Kind == kind.Item2 && novelty.Has(answer))),
    ];

    private static readonly int Columns = Groups.Length + Slices + Names().Count();

    private readonly double[] _sums;

    private PrequentialTable(double[] sums) => _sums = sums;

    private int Users => _sums.Length / Columns;

    /// <summary>Adds up.</summary>
    /// <param name="answers">In the order of time.</param>
    public static PrequentialTable Of(IReadOnlyList<PrequentialAnswer> answers)
    {
        var rows = new Dictionary<int, int>();
        foreach (var answer in answers)
        {
            rows.TryAdd(answer.User, rows.Count);
        }

        var sums = new double[rows.Count * Columns];
        for (var at = 0; at < answers.Count; at++)
        {
            var row = sums.AsSpan(rows[answers[at].User] * Columns, Columns);
            var slice = SliceOf(at, answers.Count);
            row[Groups.Length + slice]++;
            row[SliceColumn(slice)] += Value(Metrics[0], answers[at].Rank);
            for (var group = 0; group < Groups.Length; group++)
            {
                if (Groups[group].Has(answers[at]))
                {
                    row[group]++;
                    for (var metric = 0; metric < Metrics.Length; metric++)
                    {
                        row[Column(metric, group)] += Value(Metrics[metric], answers[at].Rank);
                    }
                }
            }
        }

        return new PrequentialTable(sums);
    }

    /// <summary>The tenth, from 0, that a question belongs to.</summary>
    public static int SliceOf(int index, int count) => (int)((long)index * Slices / count);

    /// <summary>Every metric that some question counts for, with its 95 % interval by bootstrap over users.</summary>
    /// <remarks>Where resampling cannot vary, since the metric is 0 or 1 throughout, it is Wilson's; of a single user nothing is known but [0, 1].</remarks>
    public IReadOnlyDictionary<string, ConfidenceInterval> Intervals(int resamples, Chance chance)
    {
        (string Name, int Numerator, int Denominator)[] metrics = [.. Names()];
        var intervals = ClusteredBootstrap.OfRatios(_sums, Columns, [.. metrics.Select(metric => (metric.Numerator, metric.Denominator))], resamples, chance);
        var report = new Dictionary<string, ConfidenceInterval>();
        for (var at = 0; at < metrics.Length; at++)
        {
            var (sum, count) = (Sum(metrics[at].Numerator), Sum(metrics[at].Denominator));
            if (count > 0)
            {
                report[metrics[at].Name] = sum <= 0 || sum >= count ? WilsonInterval.Of(sum <= 0 ? 0 : (long)count, (long)count)
                    : Users < 2 ? new ConfidenceInterval(sum / count, 0, 1)
                    : intervals[at];
            }
        }

        return report;
    }

    /// <summary>How many questions a metric is over.</summary>
    /// <exception cref="ArgumentException">There is no such metric.</exception>
    public long Questions(string metric) => (long)Sum(Find(metric).Denominator);

    /// <summary>How much better this is than the other by a metric, and how surely; both over the same questions.</summary>
    /// <exception cref="ArgumentException">They are not over the same questions, or there is no such metric.</exception>
    public PairedDifference Against(PrequentialTable other, string metric, int resamples, Chance chance)
    {
        var (_, numerator, denominator) = Find(metric);
        var isSame = _sums.Length == other._sums.Length;
        var pairs = new (double Ours, double Theirs, double Count)[Users];
        for (var user = 0; isSame && user < pairs.Length; user++)
        {
            var row = user * Columns;
            isSame = _sums[row + denominator] == other._sums[row + denominator];
            pairs[user] = (_sums[row + numerator], other._sums[row + numerator], _sums[row + denominator]);
        }

        return isSame ? PairedDifference.Of(pairs, resamples, chance)
            : throw new ArgumentException("the tables are not over the same questions: run both on one part of one log", nameof(other));
    }

    private static bool IsRepeat(PrequentialAnswer answer) => answer.Target is TargetNovelty.Repeat;

    private static bool IsNovel(PrequentialAnswer answer) => answer.Target is not TargetNovelty.Repeat;

    private static double Value((string Name, int Length, Func<int, double> Of) metric, int rank) => rank <= metric.Length ? metric.Of(rank) : 0;

    private static int Column(int metric, int group) => Groups.Length + Slices + metric * Groups.Length + group;

    private static int SliceColumn(int slice) => Column(Metrics.Length, slice);

    private static IEnumerable<(string Name, int Numerator, int Denominator)> Names()
    {
        for (var group = 0; group < Groups.Length; group++)
        {
            for (var metric = 0; metric < Metrics.Length; metric++)
            {
                yield return ($"{Metrics[metric].Name}{Groups[group].Name}", Column(metric, group), group);
            }
        }

        for (var slice = 0; slice < Slices; slice++)
        {
            yield return ($"{Metrics[0].Name}.slice{slice + 1}", SliceColumn(slice), Groups.Length + slice);
        }
    }

    private static (string Name, int Numerator, int Denominator) Find(string name)
        => Names().FirstOrDefault(metric => metric.Name == name) is { Name: not null } found ? found
            : throw new ArgumentException($"there is no metric {name}: the metrics are {string.Join(", ", Names().Select(metric => metric.Name))}", nameof(name));

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
