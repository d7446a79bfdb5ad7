using System.Globalization;
using AptRl.Model.Datasets;
using AptRl.Model.Ingest;

namespace AptRl.Model.OffPolicy.OpenBandit;

/// <summary>Reads a folder of the Open Bandit data: one campaign, logged by one policy.</summary>
/// <remarks>
/// <c>men.csv</c>, <c>women.csv</c> or <c>all.csv</c>, each also with .gz, as published by Saito et al. 2021
/// (arXiv:2008.07146): a row an item shown, with its position, click and exact propensity. The file says neither who the user
/// was nor which rows were one page, so that every row is a round and a cluster of its own. Context: position and user features,
/// one-hot; action: one-hot, and the affinity of the user's group to the item. The time and the items' own features are not
/// used: there is an action for each item.
/// </remarks>
public static class OpenBanditFolder
{
    private const string FeaturePrefix = "user_feature_";
    private const string AffinityPrefix = "user-item_affinity_";

    /// <summary>Reads it.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="IngestException">It is not there, lacks a column, or a row is not of the format.</exception>
    public static BanditLog Read(string folder, CancellationToken cancellation)
    {
        var file = DataFile.Find(folder, "men.csv", "women.csv", "all.csv");
        using var splitter = new RowSplitter(',');
        Columns? columns = null;
        var rows = new List<(int Line, string[] Fields)>();
        foreach (var (line, text) in file.Lines(cancellation))
        {
            var fields = splitter.Split(System.Text.Encoding.UTF8.GetBytes(text)) ?? throw file.Bad(line, "has a quote that is not closed: fetch the file again");
            if (columns is null)
            {
                columns = Columns.Of(fields, file);
            }
            else if (fields.Length != columns.Count)
            {
                throw file.Bad(line, $"has {fields.Length} fields and the header {columns.Count}: fetch the file again");
            }
            else
            {
                rows.Add((line, fields));
            }
        }

        if (columns is null || rows.Count == 0)
        {
            throw file.TooLittle("holds no round: fetch it again");
        }

        var known = Array.ConvertAll(columns.Features, column => rows.Select(row => row.Fields[column]).Distinct().Order(StringComparer.Ordinal).ToArray());
        var positions = rows.Max(row => Whole(file, row.Line, row.Fields[columns.Position], "position"));
        var actions = columns.Affinities.Length > 0 ? columns.Affinities.Length : rows.Max(row => Whole(file, row.Line, row.Fields[columns.Item], "item_id")) + 1;
        var rounds = rows.Select((row, number) => Round(file, row, number, columns, known, positions));
        var oneHot = Enumerable.Range(0, actions).Select(action => OneHot(action, actions));
        return new BanditLog(Path.GetFileName(Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder))), [.. oneHot], [.. rounds]);
    }

    private static LoggedRound Round(DataFile file, (int Line, string[] Fields) row, int number, Columns columns, string[][] known, int positions)
    {
        var (line, fields) = row;
        var position = Whole(file, line, fields[columns.Position], "position") - 1;
        if (position < 0)
        {
            throw file.Bad(line, "has position 0: positions count from 1");
        }

        float[] context =
        [
            .. OneHot(position, positions),
            .. columns.Features.SelectMany((column, feature) => OneHot(Array.IndexOf(known[feature], fields[column]), known[feature].Length)),
        ];
        var propensity = Number(file, line, fields[columns.Propensity], "propensity_score");
        return propensity is not (> 0 and <= 1) ? throw file.Bad(line, $"has propensity_score {fields[columns.Propensity]}, which is not in (0, 1]")
            : new LoggedRound(
                number, position, context, Whole(file, line, fields[columns.Item], "item_id"), propensity, Number(file, line, fields[columns.Click], "click"),
                Array.ConvertAll(columns.Affinities, column => (float)Number(file, line, fields[column], AffinityPrefix)));
    }

    private static int Whole(DataFile file, int line, string text, string column)
        => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw file.Bad(line, $"has {column} '{text}', which is not a whole number");

    private static double Number(DataFile file, int line, string text, string column)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number
            : throw file.Bad(line, $"has {column} '{text}', which is not a number");

    private static float[] OneHot(int at, int length)
    {
        var numbers = new float[length];
        numbers[at] = 1;
        return numbers;
    }

    private sealed record Columns(int Count, int Item, int Position, int Click, int Propensity, int[] Features, int[] Affinities)
    {
        public static Columns Of(string[] header, DataFile file)
        {
            int At(string name) => Array.IndexOf(header, name) is >= 0 and var at ? at
                : throw new IngestException(IngestFault.MissingColumn, $"{file.Path} has no column {name}: name a folder of the Open Bandit data");

            // Affinities are numbered by item; other columns may stand in any order.
            var affinities = header.Count(name => name.StartsWith(AffinityPrefix, StringComparison.Ordinal));
            return new Columns(
                header.Length, At("item_id"), At("position"), At("click"), At("propensity_score"),
                [.. Enumerable.Range(0, header.Length).Where(column => header[column].StartsWith(FeaturePrefix, StringComparison.Ordinal))],
                [.. Enumerable.Range(0, affinities).Select(item => At(AffinityPrefix + item.ToString(CultureInfo.InvariantCulture)))]);
        }
    }
}
