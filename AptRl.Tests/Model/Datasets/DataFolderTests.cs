using System.IO.Compression;
using AptRl.Model.Datasets;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;
using AptRl.Model.Ingest;
using AptRl.Model.Recommenders;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Model.Datasets;

public sealed class DataFolderTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-data-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Sessions_train_and_pairs_ask_with_the_pairs_of_a_session_in_one_cluster()
    {
        Write("train_sessions.txt", "a b\r\n\nc a a\n");
        Write("test_pairs.tsv", "c a b\tz\nc a\tb\r\nc\ta\nc\tb\n\ta\n");

        var task = Read(DataFormat.Sessions);

        Assert.Equal(_folder.Name, task.Name);
        Assert.Equal(["a", "b", "c"], task.Training.Items.Select(item => item.Value));
        Assert.Equal(["0@0 1@0", "2@1 0@1 0@1"], task.Training.Sequences.Select(Text));

        // The first three are the session c a b z; "c, then b" is another one, and what begins with nothing is a third.
        Assert.Equal(
            ["2@2 0@2 1@2 → -1 of 0 at 2", "2@2 0@2 → 1 of 0 at 2", "2@2 → 0 of 0 at 2", "2@3 → 1 of 1 at 3", " → 0 of 2 at 4"],
            task.Test.Select(Text));
    }

    [Fact]
    public void Pairs_that_grow_belong_together_as_those_that_shrink_do()
    {
        Write("train_sessions.txt", "a b c");
        Write("test_pairs.tsv", "a\tb\na b\tc\nab\tc");

        Assert.Equal([0, 0, 1], Read(DataFormat.Sessions).Test.Select(question => question.Cluster));
    }

    [Fact]
    public void The_last_of_a_sequence_is_asked_for_and_two_are_too_few_to_ask()
    {
        Write("sequences.txt", "ann x y z w\nbob y x\ncid y x q\n");

        var task = Read(DataFormat.Sequences);

        // The last touch that is learned from is number 3 for everyone, the question comes at 4; q is in no training part.
        Assert.Equal(["x", "y", "z"], task.Training.Items.Select(item => item.Value));
        Assert.Equal(["0@1 1@2 2@3", "1@2 0@3", "1@2 0@3"], task.Training.Sequences.Select(Text));
        Assert.Equal(["0@1 1@2 2@3 → -1 of 0 at 4", "1@2 0@3 → -1 of 2 at 4"], task.Test.Select(Text));
        Assert.All(task.Training.Sequences.SelectMany(touches => touches), touch => Assert.Equal((byte)InteractionKind.Purchase, touch.Kind));
    }

    [Fact]
    public void Events_are_cut_at_one_moment_for_all_users()
    {
        // Forty touches (the impression is none, nor the search), of which the newest tenth is at 100 and later.
        Write("events.csv", "who,when,did,what\n" + string.Concat(Enumerable.Range(1, 34).Select(time => $"bob,{time},view,b\n"))
            + "ann,20,view,a\nann,10,cart,b\nann,15,view_item_list,q\nann,42,search,\nwrong\n"
            + "ann,102,buy,a\nann,100,view,c\nbob,101,remove_from_cart,b\ncid,101,view,b\n");
        var rejected = new List<Rejected>();

        var task = Read(DataFormat.Events, columns: ColumnMapping.Parse("user=who,time=when,type=did,item=what"), rejected: rejected.Add);

        Assert.Equal(RejectCode.BadColumnCount, Assert.Single(rejected).Code);
        Assert.Equal(["b", "a"], task.Training.Items.Select(item => item.Value));
        Assert.Equal(["0@10 1@20", string.Join(' ', Enumerable.Range(1, 34).Select(time => $"0@{time}"))], task.Training.Sequences.Select(Text));
        Assert.Equal((byte)InteractionKind.AddToCart, task.Training.Sequences[0][0].Kind);

        // What bob turns away from is not asked for; c is unknown, as target and then as history; cid is new.
        Assert.Equal(["0@10 1@20 → -1 of 1 at 100", " → 0 of 2 at 101", "0@10 1@20 -1@100 → 1 of 1 at 102"], task.Test.Select(Text));
    }

    [Theory]
    [InlineData(DataFormat.Sessions, "a b c\nb c\nc a b\n", "a b\tc\na\tb\n", "a q\ta\nb\ta\n")]
    [InlineData(DataFormat.Sequences, "u a b c a|\nv c b a|\n", "a b", "q b")]
    [InlineData(DataFormat.Events, "", "b\na\n", "zzz\nb\n")]
    public void Nothing_that_a_recipe_sees_or_is_chosen_by_hangs_on_the_test_part(DataFormat format, string train, string test, string otherTest)
    {
        WriteParts(format, train, test);
        var task = Read(format);
        var first = new SpyRecipe();
        new Evaluator(task, new EvaluationOptions { Trials = 2 }).Evaluate(first, null, TestContext.Current.CancellationToken);

        WriteParts(format, train, otherTest);
        var other = Read(format);
        var second = new SpyRecipe();
        new Evaluator(other, new EvaluationOptions { Trials = 2 }).Evaluate(second, null, TestContext.Current.CancellationToken);

        Assert.NotEqual(task.Fingerprint(), other.Fingerprint());
        Assert.Equal(3, first.Seen.Count);
        Assert.Equal(first.Seen, second.Seen);

        // Not even behind a slice of the arrays that it is given.
        Assert.All(second.Arrays, touches => Assert.DoesNotContain(touches, touch => touch.Item == IndexedTouch.NoItem));
    }

    [Fact]
    public void Packed_and_plain_files_are_read_alike_and_both_at_once_are_refused()
    {
        Write("sequences.txt", "u a b c\n");
        var plain = Read(DataFormat.Sequences);
        File.WriteAllBytes(PathOf("sequences.txt.gz"), Packed("u a b c\n"));
        AssertRefused(IngestFault.AmbiguousFile, DataFormat.Sequences, "leave one of them");

        File.Delete(PathOf("sequences.txt"));
        Assert.Equal(plain.Fingerprint(), Read(DataFormat.Sequences).Fingerprint());
    }

    [Fact]
    public void A_file_cut_short_is_an_error_and_not_half_a_data_set()
    {
        var chance = new Chance(1);
        var packed = Packed(string.Concat(Enumerable.Range(0, 20_000).Select(_ => $"u a{chance.NextBits()} b c\n")));
        File.WriteAllBytes(PathOf("sequences.txt.gz"), packed[..(packed.Length / 2)]);
        AssertRefused(IngestFault.TruncatedFile, DataFormat.Sequences, "fetch it again");

        File.Move(PathOf("sequences.txt.gz"), PathOf("events.tsv.gz"));
        File.WriteAllBytes(PathOf("events.tsv.gz"), Packed("user\ttime\tevent\titem\n" + string.Concat(Enumerable.Range(0, 20_000).Select(_ => $"u\t{chance.Next(1 << 30)}\tview\ta\n")))[..^2_000]);
        AssertRefused(IngestFault.TruncatedFile, DataFormat.Events, "fetch it again");
    }

    [Theory]
    [InlineData(DataFormat.Sessions, "a b\n", "a b c\n", IngestFault.MalformedLine, "line 1 of")]
    [InlineData(DataFormat.Sessions, "a b\n", "\n\na\t\n", IngestFault.MalformedLine, "line 3 of")]
    [InlineData(DataFormat.Sessions, "\n \n", "a\tb\n", IngestFault.TooLittleData, "holds no session")]
    [InlineData(DataFormat.Sessions, "a b\n", "\n", IngestFault.TooLittleData, "holds no question")]
    [InlineData(DataFormat.Sequences, "u a b c\nv\n", "", IngestFault.MalformedLine, "line 2 of")]
    [InlineData(DataFormat.Sequences, "u a b\n", "", IngestFault.TooLittleData, "3 items or more")]
    [InlineData(DataFormat.Events, "", "", IngestFault.MissingColumn, "no header")]
    public void What_cannot_be_read_is_told_with_its_place(DataFormat format, string first, string second, string code, string told)
    {
        Write("train_sessions.txt", first);
        Write("test_pairs.tsv", second);
        Write("sequences.txt", first);
        Write("events.tsv", second);
        AssertRefused(code, format, told);
    }

    [Fact]
    public void An_event_log_needs_a_before_and_an_after_worth_asking_for()
    {
        Write("events.csv", "user,time,event,item\nu,1,view,a\nu,1,view,b\n");
        AssertRefused(IngestFault.TooLittleData, DataFormat.Events, "different times");

        Write("events.csv", "user,time,event,item\nu,1,view,a\nu,2,remove_from_cart,a\n");
        AssertRefused(IngestFault.TooLittleData, DataFormat.Events, "worth asking");
    }

    [Fact]
    public void A_folder_that_is_not_there_or_of_another_format_says_what_there_is()
    {
        AssertRefused(IngestFault.MissingFile, DataFormat.Sessions, "it has nothing");
        Write("sequences.txt", "u a b c\n");
        AssertRefused(IngestFault.MissingFile, DataFormat.Sessions, "it has sequences.txt");
        Assert.Contains("is not a folder", Assert.Throws<IngestException>(() => Read(DataFormat.Events, PathOf("nowhere"))).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a", "a\ta")]
    [InlineData("a", "b\tc")]
    [InlineData("long", "a b\tc")]
    public void One_session_of_one_item_or_of_ten_thousand_is_a_data_set(string session, string pair)
    {
        Write("train_sessions.txt", session == "long" ? string.Join(' ', Enumerable.Range(0, 10_000)) : session);
        Write("test_pairs.tsv", pair);

        var task = Read(DataFormat.Sessions);
        var report = new Evaluator(task, new EvaluationOptions { Trials = 3 }).Evaluate(new PopularityRecipe(), null, TestContext.Current.CancellationToken);

        Assert.Equal(session == "long" ? 10_000 : 1, task.Training.Items.Length);
        Assert.Equal(pair == "a\ta" ? 1 : RankedAnswer.Miss, Assert.Single(report.Seeds[0].Answers).Rank);
    }

    private void WriteParts(DataFormat format, string train, string test)
    {
        switch (format)
        {
            case DataFormat.Sessions:
                Write("train_sessions.txt", train);
                Write("test_pairs.tsv", test);
                break;
            case DataFormat.Sequences:
                Write("sequences.txt", string.Concat(train.Split('|').Zip([.. test.Split(' '), ""], (user, last) => user.TrimEnd() + (last.Length > 0 ? $" {last}\n" : ""))));
                break;
            default:
                Write("events.tsv", "user\ttime\tevent\titem\n" + string.Concat(Enumerable.Range(0, 18).Select(time => $"u{time % 3}\t{time}\tview\t{"ab"[time % 2]}\n"))
                    + string.Concat(test.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select((item, at) => $"u{at}\t{100 + at}\tview\t{item}\n")));
                break;
        }
    }

    private void AssertRefused(string code, DataFormat format, string told)
    {
        var refused = Assert.Throws<IngestException>(() => Read(format));
        Assert.Equal(code, refused.Code);
        Assert.Contains(told, refused.Message, StringComparison.Ordinal);
    }

    private static byte[] Packed(string text)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Optimal))
        {
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return bytes.ToArray();
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private NextItemTask Read(DataFormat format, string? path = null, ColumnMapping? columns = null, Action<Rejected>? rejected = null)
        => DataFolder.Read(path ?? _folder.FullName, format, columns, TimeProvider.System, rejected, TestContext.Current.CancellationToken);

    private void Write(string name, string text) => File.WriteAllText(Path.Combine(_folder.FullName, name), text);

    private static string Text(IndexedTouch[] touches) => Text(touches.AsMemory());

    private static string Text(ReadOnlyMemory<IndexedTouch> touches) => string.Join(' ', touches.ToArray().Select(touch => $"{touch.Item}@{touch.Seconds}"));

    private static string Text(AnsweredQuestion asked) => $"{Text(asked.Question.History)} → {asked.Target} of {asked.Cluster} at {asked.Question.Seconds}";

    /// <summary>Writes down what it is fitted to. What is popular comes next, or what is not: a test part could tell which is better.</summary>
    private sealed class SpyRecipe : IRecipe
    {
        public List<string> Seen { get; } = [];

        public List<IndexedTouch[]> Arrays { get; } = [];

        public string Name => "spy";

        public IReadOnlyList<string> Trials => ["popular", "unpopular"];

        public IRecommender Fit(TrainingPart training, int trial, FitContext context)
        {
            Seen.Add($"{trial} {context.Seed} {string.Join(',', training.Items)} {string.Join(" | ", training.Sequences.Select(Text))}");
            Arrays.AddRange(training.Sequences);
            var counts = new float[training.Items.Length];
            foreach (var touch in training.Sequences.SelectMany(touches => touches))
            {
                counts[touch.Item] += trial == 0 ? 1 : -1;
            }

            return new FixedScores(counts);
        }
    }
}
