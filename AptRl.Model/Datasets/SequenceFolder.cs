using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Datasets;

/// <summary>Whole histories of users, of which the last touch is asked for (leave-one-out).</summary>
/// <remarks>
/// There are no times: touches are numbered so that every user's last touch of the training part has the same number, and
/// what is asked comes one later. Users with fewer than three touches are learned from whole.
/// </remarks>
internal static class SequenceFolder
{
    private const int TouchesMin = 3;
    private const byte Kind = (byte)InteractionKind.Purchase;

    public static NextItemTask Read(string folder, string name, CancellationToken cancellation)
    {
        var file = DataFile.Find(folder, "sequences.txt");
        var users = new List<ItemId[]>();
        foreach (var (line, text) in file.Lines(cancellation))
        {
            if (Words.Of(text) is not [_, _, ..] words)
            {
                throw file.Bad(line, "names a user and no item: write user item item …");
            }

            users.Add([.. words.Skip(1).Select(item => file.Item(item, line))]);
        }

        var end = users.Count == 0 ? 0 : users.Max(KeptOf);
        var items = new ItemNumbers();
        IndexedTouch[][] sequences =
        [
            .. users.Select(user => user.Take(KeptOf(user)).Select((item, at) => new IndexedTouch(items.Learn(item), Kind, end - KeptOf(user) + at + 1)).ToArray()),
        ];
        ImmutableArray<AnsweredQuestion> test =
        [
            .. Enumerable.Range(0, users.Count).Where(user => users[user].Length >= TouchesMin)
                .Select(user => new AnsweredQuestion(new Question(sequences[user], end + 1), items.Of(users[user][^1]), user)),
        ];
        return test.Length > 0 ? new NextItemTask(name, new TrainingPart(items.ToCatalogue(), sequences, HoldOutRule.LastOfEach), test)
            : throw file.TooLittle($"holds no user with {TouchesMin} items or more, of whom the last could be asked for");
    }

    private static int KeptOf(ItemId[] user) => user.Length < TouchesMin ? user.Length : user.Length - 1;
}
