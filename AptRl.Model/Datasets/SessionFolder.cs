using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Datasets;

/// <summary>Anonymous sessions in time order, and test pairs cut from the sessions that came after them.</summary>
/// <remarks>There are no times: a session's number stands for its moment, and test sessions are numbered on.</remarks>
internal static class SessionFolder
{
    private const byte View = (byte)InteractionKind.ViewItem;

    public static NextItemTask Read(string folder, string name, CancellationToken cancellation)
    {
        var (train, pairs) = (DataFile.Find(folder, "train_sessions.txt"), DataFile.Find(folder, "test_pairs.tsv"));
        var items = new ItemNumbers();
        var sessions = new List<IndexedTouch[]>();
        foreach (var (line, text) in train.Lines(cancellation))
        {
            sessions.Add(Touches(text, sessions.Count, item => items.Learn(train.Item(item, line))));
        }

        if (sessions.Count == 0)
        {
            throw train.TooLittle("holds no session: write one a line, item ids with blanks between them");
        }

        var test = ReadPairs(pairs, items, sessions.Count, cancellation);
        return new NextItemTask(name, new TrainingPart(items.ToCatalogue(), sessions, HoldOutRule.NewestSequences), test);
    }

    private static ImmutableArray<AnsweredQuestion> ReadPairs(DataFile file, ItemNumbers items, int sessions, CancellationToken cancellation)
    {
        var questions = ImmutableArray.CreateBuilder<AnsweredQuestion>();
        var (cluster, previous) = (-1, "");
        foreach (var (line, text) in file.Lines(cancellation))
        {
            if (text.Split('\t', StringSplitOptions.TrimEntries) is not [var prefix, var target])
            {
                throw file.Bad(line, "is not prefix TAB target: write the items before, a tab, and the item that came next");
            }

            var whole = $"{prefix} {target} ";
            cluster += cluster < 0 || !IsOneSession(previous, whole) ? 1 : 0;
            previous = whole;
            var seconds = sessions + (long)cluster;
            var history = Touches(prefix, seconds, item => items.Of(file.Item(item, line)));
            questions.Add(new AnsweredQuestion(new Question(history, seconds), items.Of(file.Item(target, line)), cluster));
        }

        return questions.Count > 0 ? questions.ToImmutable() : throw file.TooLittle("holds no question: write prefix TAB target, one a line");
    }

    /// <summary>The pairs of a session stand one after another, the longest or the shortest first: the shorter is the beginning of the longer.</summary>
    private static bool IsOneSession(string one, string other)
        => one.Length != other.Length && (one.StartsWith(other, StringComparison.Ordinal) || other.StartsWith(one, StringComparison.Ordinal));

    private static IndexedTouch[] Touches(string text, long seconds, Func<string, int> number)
        => Array.ConvertAll(Words.Of(text), item => new IndexedTouch(number(item), View, seconds));
}
