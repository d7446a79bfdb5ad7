using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;
using AptRl.Model.Training;
using TorchSharp;
using Xunit;

namespace AptRl.Tests.Model.Recommenders;

[Collection("Torch")]
public sealed class NetworkRecipeTests
{
    private const int Rows = 20;

    private static readonly string[] All = ["gru4rec", "lstm", "sasrec-bce", "sasrec", "bert4rec"];

    public static TheoryData<string> Names => [.. All];

    private static FitContext Context => new(Seed: 7, Quick: false, Progress: null, TestContext.Current.CancellationToken);

    [Theory]
    [MemberData(nameof(Names))]
    public void In_a_circle_the_next_item_is_known(string name)
    {
        var settings = SettingsOf(name, 0, Context);
        var options = settings.Options with { BatchPositions = 120, LearningRate = .01, Patience = 50 };
        if (name == "bert4rec")
        {
            // It must first find out which of two neighbours comes before a mask, so it takes longer, and it is not fitted twice.
            options = options with { LearningRate = settings.Options.LearningRate, EpochsMax = 50, Refit = false };
        }

        using var recommender = NetworkFit.Of(CircleOfTouches.Part(), settings with { Options = options }, Context);

        Assert.Equal(CircleOfTouches.Items, CircleOfTouches.Right(recommender));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_seed_gives_the_same_scores_whatever_else_draws_in_the_process(string name)
    {
        var part = CircleOfTouches.Part(sequences: 20);
        float[] Scores(long processSeed, ulong seed)
        {
            torch.manual_seed(processSeed);
            using var recommender = RecipeOf(name).Fit(part, trial: 1, Context with { Seed = seed, Quick = true });
            return CircleOfTouches.Scores(recommender);
        }

        var first = Scores(processSeed: 1, seed: 7);

        Assert.Equal(first, Scores(processSeed: 2, seed: 7));
        Assert.NotEqual(first, Scores(processSeed: 1, seed: 8));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_state_does_not_hang_on_how_much_padding_stands_before_it(string name)
    {
        using var network = Network(name);
        var tokens = Tokens(3, 4, 5, 6);
        var alone = States(network, 5, tokens)[^1];

        foreach (var length in (int[])[6, 21, 38])
        {
            Close(alone, States(network, length, tokens)[^1]);
            Close(alone, States(network, length, tokens, Tokens([.. Enumerable.Range(3, 15)]))[length - 1]);
        }

        Assert.NotEqual(alone, States(network, 5, Tokens(4, 4, 5, 6))[^1]);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Only_the_masked_encoder_sees_what_comes_later(string name)
    {
        using var network = Network(name);

        var early = States(network, 6, Tokens(3, 4, 5, 6, 7))[3];
        var other = States(network, 6, Tokens(3, 4, 5, 6, 9))[3];

        Assert.Equal(name == "bert4rec", early.Zip(other, (left, right) => Math.Abs(left - right)).Max() > 1e-4);
    }

    [Fact]
    public void A_mask_is_filled_from_what_stands_behind_it()
    {
        var part = CircleOfTouches.Part();
        var sequences = new TrainingSequences(part, hashBuckets: 1, window: 20);
        using var network = new Bert4RecNetwork(new Bert4RecOptions(Width: 32, Layers: 1, Heads: 2, Dropout: 0), sequences.Vocabulary.Rows, seed: 1);
        var options = new TrainingOptions { EpochsMax = 40, Patience = 40, BatchPositions = 120, LearningRate = .01 };
        new NetworkTrainer(network, sequences, options, maskedShare: .5).Run([], null, null, TestContext.Current.CancellationToken);

        // The first of three touches is hidden: only the two behind it can tell.
        var right = 0;
        for (var item = 0; item < CircleOfTouches.Items; item++)
        {
            var tokens = sequences.Window(CircleOfTouches.Walk(item, 3), 20);
            tokens[0] = tokens[0] with { Row = Vocabulary.NoItemRow };
            right += BestRow(network, sequences.Vocabulary, States(network, 3, tokens)[0]) == sequences.RowOf(item) ? 1 : 0;
        }

        Assert.Equal(CircleOfTouches.Items, right);
    }

    [Fact]
    public void What_is_masked_is_wanted_and_nothing_else_is_touched()
    {
        var sequences = new TrainingSequences(CircleOfTouches.Part(sequences: 400, shortest: 10), hashBuckets: 1, window: 20);
        int[] chunks = [.. Enumerable.Range(0, 400)];

        var batch = TrainingBatch.Masked(sequences, chunks, .3, new Chance(1));

        using var scope = torch.NewDisposeScope();
        var rows = batch.Inputs.ToTensors().Rows.data<long>().ToArray();
        var (positions, targets) = (batch.Positions, batch.Targets);
        var wanted = Enumerable.Range(0, batch.Count).ToDictionary(index => positions[index], index => targets[index]);
        for (var position = 0; position < rows.Length; position++)
        {
            // 400 sequences of 10 touches, 11 places each: the first stays empty.
            var (sequence, place) = Math.DivRem(position, 11);
            var truth = place == 0 ? Vocabulary.PaddingRow : sequences.RowOf((sequence + place - 1) % CircleOfTouches.Items);
            Assert.Equal(wanted.ContainsKey(position) ? Vocabulary.NoItemRow : truth, rows[position]);
            Assert.Equal(truth, wanted.GetValueOrDefault(position, truth));
        }

        // Nine tenths of the sequences mask 1 + 9·0.3 = 3.7 of 10 touches, one tenth masks one: 3.43 of 10 in all.
        Assert.InRange(batch.Count / 4_000d, .32, .365);
        Assert.Equal(400, wanted.Keys.Select(position => position / 11).Distinct().Count());
    }

    [Theory]
    [InlineData(0)]
    [InlineData(240)]
    public void Where_all_scores_are_the_same_the_sampled_loss_is_the_logarithm_of_the_number_of_items(int batchNegatives)
    {
        var sequences = new TrainingSequences(Lopsided(), hashBuckets: 1, window: 20);
        using var network = new RecurrentNetwork(new RecurrentOptions(8, 1, HasCell: false, 0, 0), sequences.Vocabulary.Rows, seed: 1);
        var options = new TrainingOptions { FullSoftmaxItemsMax = 0, Negatives = 400, UnknownShare = 0, BatchNegatives = batchNegatives };
        var batch = TrainingBatch.NextItem(sequences, [.. Enumerable.Range(0, sequences.ChunkCount)], 0, 1, new Chance(1));
        var loss = new NextItemLoss(network, sequences, options);

        using var scope = torch.NewDisposeScope();
        var mean = Enumerable.Range(0, 100).Average(draw => (double)loss.Of(
            torch.zeros(batch.Inputs.Count, batch.Inputs.Length, 8), batch, loss.Draw(batch.Targets, new Chance((ulong)draw)), default).item<float>());

        // 12 items and one row for unknown ones: ln 13 = 2.565, though some items are touched twelve times as often as others.
        Assert.Equal(Math.Log(13), mean, .02);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Data_without_items_are_refused_with_the_way_out(string name)
    {
        var empty = new TrainingPart([], [[new IndexedTouch(IndexedTouch.NoItem, 1, 0)]], HoldOutRule.NewestSequences);

        var failure = Assert.Throws<InvalidDataException>(() => RecipeOf(name).Fit(empty, 0, Context));

        Assert.Contains("check the data folder", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(.3)]
    [InlineData(.7)]
    public void A_fit_that_was_killed_goes_on_in_the_same_half_and_ends_with_the_same_scores(double killedAt)
    {
        var settings = SettingsOf("gru4rec", 1, Context);
        settings = settings with { Options = settings.Options with { EpochsMax = 4, Patience = 4, WorthWaitingFor = 0, BatchPositions = 200 } };
        using var whole = NetworkFit.Of(CircleOfTouches.Part(), settings, Context);
        var folder = Directory.CreateTempSubdirectory("aptrl-network-").FullName;
        try
        {
            using var kill = new CancellationTokenSource();
            var killing = new Collector(report =>
            {
                if (report.Share > killedAt)
                {
                    kill.Cancel();
                }
            });
            var context = Context with { WorkFolder = folder };
            Assert.Throws<OperationCanceledException>(
                () => NetworkFit.Of(CircleOfTouches.Part(), settings, context with { Progress = killing, Cancellation = kill.Token }));
            Assert.NotEmpty(Directory.GetFiles(folder));

            var shares = new List<double>();
            using var continued = NetworkFit.Of(CircleOfTouches.Part(), settings, context with { Progress = new Collector(report => shares.Add(report.Share)) });

            // An epoch is an eighth of the whole.
            Assert.InRange(shares[0], killedAt - .125, killedAt);
            Assert.Equal(CircleOfTouches.Scores(whole), CircleOfTouches.Scores(continued));
            Assert.Empty(Directory.GetFiles(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void Progress_goes_on_over_both_fits_and_a_cancelled_one_gives_nothing()
    {
        var shares = new List<double>();
        var context = Context with { Progress = new Collector(report => shares.Add(report.Share)) };
        var settings = SettingsOf("lstm", 0, context);
        var part = CircleOfTouches.Part(sequences: 60);

        NetworkFit.Of(part, settings with { Options = settings.Options with { EpochsMax = 2, BatchPositions = 200 } }, context).Dispose();

        Assert.True(shares.Zip(shares.Skip(1)).All(pair => pair.Item1 < pair.Item2));
        Assert.Contains(shares, share => share is > .2 and < .5);
        Assert.InRange(shares[^1], .7, 1);

        using var cancelled = new CancellationTokenSource();
        cancelled.Cancel();
        Assert.Throws<OperationCanceledException>(() => NetworkFit.Of(part, settings, context with { Cancellation = cancelled.Token }));
    }

    private static IRecipe RecipeOf(string name) => Recipes.All.Single(recipe => recipe.Name == name);

    private static NetworkSettings SettingsOf(string name, int trial, FitContext context) => name switch
    {
        "gru4rec" => Gru4RecRecipe.Settings(trial, context),
        "lstm" => LstmRecipe.Settings(trial, context),
        "sasrec-bce" => SasRecBceRecipe.SettingsOf(trial, context, LossKind.Binary),
        "sasrec" => SasRecBceRecipe.SettingsOf(trial, context, LossKind.Softmax),
        _ => Bert4RecRecipe.Settings(trial, context),
    };

    // Of SASRec both ways to count positions: the loss makes no difference to the network.
    private static SequenceNetwork Network(string name)
    {
        var network = SettingsOf(name, name == "sasrec-bce" ? 3 : name == "lstm" ? 2 : 0, Context).Fresh(Rows, 3);
        network.eval();
        return network;
    }

    /// <summary>12 items, the last touched twelve times as often as the first.</summary>
    private static TrainingPart Lopsided() => new(
        [.. Enumerable.Range(0, 12).Select(item => new ItemId($"item {item:D2}"))],
        [.. from item in Enumerable.Range(0, 12)
            from time in Enumerable.Range(0, item + 1)
            select new[] { new IndexedTouch(item, 1, time), new IndexedTouch(item, 1, time + 1) }],
        HoldOutRule.NewestSequences);

    private static Token[] Tokens(params int[] rows)
        => [.. rows.Select((row, time) => new Token(row, (int)InteractionKind.ViewItem, time))];

    /// <summary>The states of the first of some sequences, by position.</summary>
    private static float[][] States(SequenceNetwork network, int length, params Token[][] sequences)
    {
        using var inference = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        var batch = new SequenceBatch(sequences.Length, length);
        for (var index = 0; index < sequences.Length; index++)
        {
            batch.Set(index, sequences[index]);
        }

        var states = network.forward(batch)[0].contiguous();
        return [.. states.data<float>().ToArray().Chunk((int)states.shape[1])];
    }

    /// <summary>Of the known items, the one with the highest score.</summary>
    private static int BestRow(SequenceNetwork network, Vocabulary vocabulary, float[] state)
    {
        using var inference = torch.inference_mode();
        using var scope = torch.NewDisposeScope();
        var scores = torch.matmul(network.ItemVectors(null), torch.tensor(state)).Plus(network.ItemBias(null)!).data<float>().ToArray();
        return Enumerable.Range(vocabulary.FirstKnownRow, vocabulary.Known.Count).MaxBy(row => scores[row]);
    }

    private static void Close(float[] expected, float[] actual)
        => Assert.True(expected.Zip(actual, (left, right) => Math.Abs(left - right)).Max() < 1e-5, "the states differ");

    private sealed class Collector(Action<(double Share, string Note)> report) : IProgress<(double Share, string Note)>
    {
        public void Report((double Share, string Note) value) => report(value);
    }
}
