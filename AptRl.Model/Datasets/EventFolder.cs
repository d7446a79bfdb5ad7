using AptRl.Model.Events;
using AptRl.Model.Ingest;

namespace AptRl.Model.Datasets;

/// <summary>A log of events, cut once for all users: nine tenths of the touches lie before one moment, what comes after is asked for.</summary>
/// <remarks>An impression is no touch, nor is what names no item. Touches of one user at one time keep the file's order.</remarks>
internal static class EventFolder
{
    public static NextItemTask Read(
        string folder, string name, ColumnMapping? columns, TimeProvider clock, Action<Rejected>? rejected, CancellationToken cancellation)
    {
        var file = DataFile.Find(folder, "events.tsv", "events.csv");
        var users = new Dictionary<UserId, List<(ItemId Item, byte Kind, long Seconds)>>();
        foreach (var (user, item, kind, seconds) in Touches(file, columns, clock, rejected, cancellation))
        {
            if (!users.TryGetValue(user, out var touches))
            {
                users.Add(user, touches = []);
            }

            touches.Add((item, kind, seconds));
        }

        var cut = TrainingPart.NewestTenth([.. users.Values.SelectMany(touches => touches).Select(touch => touch.Seconds)]);
        var task = cut < long.MaxValue ? Part(name, users.Values, cut)
            : throw file.TooLittle("holds no two touches at different times, so there is no before and after to learn from and to ask about");
        return task.Test.Length > 0 ? task : throw file.TooLittle("has no touch worth asking for in its newest tenth: give a longer log");
    }

    public static EventLog ReadLog(
        string folder, string name, ColumnMapping? columns, TimeProvider clock, Action<Rejected>? rejected, CancellationToken cancellation)
    {
        var file = DataFile.Find(folder, "events.tsv", "events.csv");
        var log = EventLog.From(name, Touches(file, columns, clock, rejected, cancellation));
        return log.Touches is [{ Touch.Seconds: var first }, .., { Touch.Seconds: var last }] && first < last ? log
            : throw file.TooLittle("holds no two touches at different times, so there is no before and after to learn from and to ask about");
    }

    private static IEnumerable<(UserId User, ItemId Item, byte Kind, long Seconds)> Touches(
        DataFile file, ColumnMapping? columns, TimeProvider clock, Action<Rejected>? rejected, CancellationToken cancellation)
        => from interaction in Interactions(file, columns, clock, rejected, cancellation)
           from item in interaction.Items
           select (interaction.User, item, (byte)interaction.Kind, interaction.At.ToUnixTimeSeconds());

    private static NextItemTask Part(string name, IEnumerable<List<(ItemId Item, byte Kind, long Seconds)>> users, long cut)
    {
        (ItemId Item, byte Kind, long Seconds)[][] ordered = [.. users.Where(touches => touches.Count > 0).Select(touches => touches.OrderBy(touch => touch.Seconds).ToArray())];
        var items = new ItemNumbers();
        foreach (var touch in ordered.SelectMany(touches => touches).Where(touch => touch.Seconds < cut))
        {
            items.Learn(touch.Item);
        }

        var training = new List<IndexedTouch[]>();
        var test = new List<AnsweredQuestion>();
        for (var user = 0; user < ordered.Length; user++)
        {
            IndexedTouch[] touches = [.. ordered[user].Select(touch => new IndexedTouch(items.Of(touch.Item), touch.Kind, touch.Seconds))];
            var before = touches.Count(touch => touch.Seconds < cut);
            if (before > 0)
            {
                // A copy: behind a slice the touches after the cut would be within reach.
                training.Add(touches[..before]);
            }

            for (var at = before; at < touches.Length; at++)
            {
                if (touches[at].IsWanted)
                {
                    test.Add(new AnsweredQuestion(new Question(touches.AsMemory(0, at), touches[at].Seconds), touches[at].Item, user, touches[at].Kind));
                }
            }
        }

        return new NextItemTask(
            name,
            new TrainingPart(items.ToCatalogue(), [.. training.OrderBy(touches => touches[^1].Seconds)], HoldOutRule.NewestTouches),
            [.. test.OrderBy(question => question.Question.Seconds)]);
    }

    private static IEnumerable<Interaction> Interactions(
        DataFile file, ColumnMapping? columns, TimeProvider clock, Action<Rejected>? rejected, CancellationToken cancellation)
    {
        foreach (var parsed in EventFile.ReadAsync(file.Path, new EventFileOptions { Columns = columns }, clock, cancellation).ToBlockingEnumerable(cancellation))
        {
            if (parsed.Rejected is { } bad)
            {
                if (bad.Code == RejectCode.Truncated)
                {
                    throw new IngestException(IngestFault.TruncatedFile, $"{file.Path}: {bad.Reason}");
                }

                rejected?.Invoke(bad);
            }
            else if (parsed.Interaction is { Kind: not InteractionKind.ViewItemList } interaction)
            {
                yield return interaction;
            }
        }
    }
}
