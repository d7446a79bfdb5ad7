using System.Collections.Immutable;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Windows;
using TorchSharp;
using Xunit;

// Not AptRl.Tests.Model.Encoding: that name would hide System.Text.Encoding from every test beside it.
namespace AptRl.Tests.Model;

public sealed class EncoderModelTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly ItemId[] Items = [.. Enumerable.Range(0, 100).Select(i => new ItemId($"i{i:D3}"))];

    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-encoder-").FullName;
    private readonly EncoderModel _model = EncoderModel.Fresh(new EncoderOptions { HashBuckets = 16 }, Items, seed: 7);

    public void Dispose()
    {
        _model.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void A_state_is_the_same_to_the_bit_whoever_else_is_in_the_batch()
    {
        var chance = new Chance(11);
        ImmutableArray<Touch>[] windows = [.. Enumerable.Range(0, 60).Select(_ => Window(chance.Next(25), ref chance))];
        float[][] alone = [.. windows.Select(window => _model.Encode([window])[0])];

        Assert.True(_model.BatchIndependent);
        for (var trial = 0; trial < 30; trial++)
        {
            int[] members = [.. Enumerable.Range(0, 1 + chance.Next(80)).Select(_ => chance.Next(windows.Length))];
            var together = _model.Encode([.. members.Select(member => windows[member])]);
            Assert.All(members.Zip(together), pair => Assert.Equal(alone[pair.Item1], pair.Item2));
        }
    }

    [Fact]
    public void A_state_depends_on_the_newest_20_touches_and_on_all_of_them()
    {
        var chance = new Chance(12);
        var window = Window(21, ref chance);
        var state = _model.Encode([window])[0];

        Assert.Equal(state, _model.Encode([window[1..]])[0]);
        for (var i = 1; i <= 20; i++)
        {
            var other = window[i].Item == Items[0] ? Items[1] : Items[0];
            Assert.NotEqual(state, _model.Encode([window.SetItem(i, window[i] with { Item = other })])[0]);
        }
    }

    [Fact]
    public void Kind_and_time_between_touches_matter_and_the_date_does_not()
    {
        ImmutableArray<Touch> window = [Viewed(Items[3], 0), Viewed(Items[4], 60)];
        var states = _model.Encode(
        [
            window,
            [window[0], window[1] with { Kind = InteractionKind.Purchase }],
            [window[0], window[1] with { At = Noon.AddDays(3) }],
            [.. window.Select(touch => touch with { At = touch.At.AddDays(400) })],
        ]);

        Assert.NotEqual(states[0], states[1]);
        Assert.NotEqual(states[0], states[2]);
        Assert.Equal(states[0], states[3]);
    }

    [Fact]
    public void A_user_without_history_and_items_never_seen_have_vectors_of_length_one()
    {
        var unknown = new ItemId("launched today");
        var states = _model.Encode([[], default, [Viewed(unknown, 0)], [new Touch(new EventId("s"), null, InteractionKind.Search, Noon)]]);

        Assert.Equal(states[0], states[1]);
        Assert.NotEqual(states[0], states[2]);
        Assert.NotEqual(states[0], states[3]);
        Assert.False(_model.Vocabulary.Knows(unknown));
        Assert.InRange(_model.Vocabulary.RowOf(unknown), 2, 17);
        Assert.All([.. states, _model.ItemVector(unknown).ToArray(), _model.ItemVector(Items[5]).ToArray()],
            vector => Assert.Equal(1, vector.Sum(number => (double)number * number), 1e-5));
    }

    [Fact]
    public void The_best_items_are_those_of_a_full_sort_with_ties_by_name()
    {
        var chance = new Chance(5);
        var state = Enumerable.Range(0, 32).Select(_ => (float)chance.NextNormal()).ToArray();
        double Score(ItemId item) => _model.ItemVector(item).ToArray().Zip(state).Sum(pair => (double)pair.Item1 * pair.Item2);

        foreach (var k in (int[])[1, 7, 100, 150])
        {
            var best = new ScoredItem[k];
            var count = _model.TopK(state, best);

            Assert.Equal(Math.Min(k, 100), count);
            Assert.Equal(Items.OrderByDescending(Score).Take(k), best.Take(count).Select(found => found.Item));
            Assert.All(best.Take(count), found => Assert.Equal(Score(found.Item), found.Score, 1e-4));
        }

        var tied = new ScoredItem[40];
        _model.TopK(new float[32], tied);
        Assert.Equal(Items.Take(40), tied.Select(found => found.Item));
    }

    [Fact]
    public void What_is_saved_is_loaded_to_the_bit_under_the_same_version()
    {
        var path = Path.Combine(_folder, "models", "shop.v1");
        _model.Save(path);

        using var loaded = EncoderModel.Load(path + ".safetensors");

        ImmutableArray<Touch> window = [Viewed(Items[1], 0), Viewed(new ItemId("unknown"), 5)];
        Assert.Equal(_model.Version, loaded.Version);
        Assert.Equal(_model.Options, loaded.Options);
        Assert.Equal(_model.Vocabulary.Hash, loaded.Vocabulary.Hash);
        Assert.Equal(_model.Encode([window])[0], loaded.Encode([window])[0]);
        Assert.Equal(_model.ItemVectors.ToArray(), loaded.ItemVectors.ToArray());
        Assert.Matches("^[0-9a-f]{16}$", loaded.Version);
        using var other = EncoderModel.Fresh(_model.Options, Items, seed: 8);
        Assert.NotEqual(_model.Version, other.Version);
    }

    [Theory]
    [InlineData("magic", "does not begin as a safetensors file")]
    [InlineData("truncated", "is damaged")]
    [InlineData("flipped", "its SHA-256 is")]
    [InlineData("empty", "does not begin as a safetensors file")]
    [InlineData("card", "is no encoder's card")]
    [InlineData("items", "its items have hash")]
    public void Damage_is_told_with_the_way_out(string damage, string expected)
    {
        var path = Path.Combine(_folder, "shop");
        _model.Save(path);
        var (weights, card) = (path + ".safetensors", path + ".json");
        var bytes = File.ReadAllBytes(weights);
        switch (damage)
        {
            case "magic": File.WriteAllBytes(weights, [.. "GGUF"u8, .. bytes[4..]]); break;
            case "truncated": File.WriteAllBytes(weights, bytes[..^1000]); break;
            case "flipped": File.WriteAllBytes(weights, [.. bytes[..^1], (byte)(bytes[^1] ^ 1)]); break;
            case "empty": File.WriteAllBytes(weights, []); break;
            case "card": File.WriteAllText(card, File.ReadAllText(card)[..200]); break;
            case "items": File.WriteAllText(card, File.ReadAllText(card).Replace("\"i007\"", "\"i7\"", StringComparison.Ordinal)); break;
        }

        var failure = Assert.Throws<InvalidDataException>(() => EncoderModel.Load(path));

        Assert.Contains(expected, failure.Message, StringComparison.Ordinal);
        Assert.Contains("train the encoder again", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_card_is_named()
    {
        var path = Path.Combine(_folder, "shop");
        _model.Save(path);
        File.Delete(path + ".json");

        Assert.Contains("shop.json", Assert.Throws<FileNotFoundException>(() => EncoderModel.Load(path)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_names_of_the_weights_do_not_change()
    {
        string[] block =
        [
            "attention_norm.weight", "attention_norm.bias",
            "attention.query_key_value.weight", "attention.query_key_value.bias", "attention.output.weight", "attention.output.bias",
            "attention.position_bias.weight", "attention.gap_bias.weight", "attention_gate.weight", "attention_gate.bias",
            "feed_norm.weight", "feed_norm.bias", "feed_in.weight", "feed_in.bias", "feed_out.weight", "feed_out.bias",
            "feed_gate.weight", "feed_gate.bias",
        ];
        string[] approved =
        [
            "item_embedding.weight", "kind_embedding.weight", "gap_embedding.weight",
            .. block.Select(name => $"blocks.0.{name}"), .. block.Select(name => $"blocks.1.{name}"),
            "state_norm.weight", "state_norm.bias",
        ];

        Assert.Equal(approved.Order(StringComparer.Ordinal), _model.WeightNames.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Encoding_leaves_no_tensor_behind()
    {
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        _model.Encode([[Viewed(Items[0], 0)], []]);

        Assert.Equal(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static ImmutableArray<Touch> Window(int length, ref Chance chance)
    {
        var touches = ImmutableArray.CreateBuilder<Touch>();
        var seconds = 0;
        for (var i = 0; i < length; i++)
        {
            seconds += chance.Next(1 << chance.Next(20));
            touches.Add(Viewed(Items[chance.Next(Items.Length)], seconds) with { Kind = (InteractionKind)(1 + chance.Next(13)) });
        }

        return touches.ToImmutable();
    }

    private static Touch Viewed(ItemId item, int seconds)
        => new(new EventId($"e{seconds}"), item, InteractionKind.ViewItem, Noon.AddSeconds(seconds));
}
