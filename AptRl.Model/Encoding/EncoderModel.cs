using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Windows;
using static TorchSharp.torch;

namespace AptRl.Model.Encoding;

/// <summary>A fixed encoder: turns windows into states, and knows a vector for every item.</summary>
/// <remarks>
/// A state depends on its window alone, to the last bit, whoever else is in the batch (<see cref="BatchIndependent"/>).
/// Safe from any thread until disposed. <see cref="TopK"/>, <see cref="ItemVector"/> and <see cref="ItemVectors"/> use
/// no tensors.
/// </remarks>
public sealed class EncoderModel : IDisposable
{
    // Enough to spread the cost of a call; small enough that one batch never keeps the next one waiting for long.
    private const int BatchMax = 64;
    private const string WeightsExtension = ".safetensors";
    private const string CardExtension = ".json";

    private readonly SequenceEncoder _encoder;
    private readonly ItemScorer _scorer;
    private readonly float[] _itemVectors;
    private Tensor? _knownColumns;

    internal EncoderModel(EncoderOptions options, Vocabulary vocabulary, SequenceEncoder encoder, EncoderFit? fit)
    {
        (Options, Vocabulary, Fit, _encoder) = (options, vocabulary, fit, encoder);
        _encoder.eval();
        Version = VersionOf(WeightBytes());
        _itemVectors = options.DotProduct ? Rows() : UnitRows();
        _scorer = new ItemScorer(_itemVectors.AsSpan(vocabulary.FirstKnownRow * options.Width), options.Width);
        BatchIndependent = ProbeBatchIndependence();
    }

    /// <summary>Hash of weights, options and vocabulary: 16 hexadecimal digits. The same model has the same version everywhere.</summary>
    public string Version { get; }

    /// <summary>Its shape.</summary>
    public EncoderOptions Options { get; }

    /// <summary>Which row stands for which item.</summary>
    public Vocabulary Vocabulary { get; }

    /// <summary>What it was fitted to; null for one that was never fitted.</summary>
    public EncoderFit? Fit { get; }

    /// <summary>What learners begin with where this encoder serves; null for nothing. On the card, and no part of <see cref="Version"/>.</summary>
    public RidgePrior? Prior { get; private init; }

    /// <summary>
    /// Whether this machine's library gives the same bits for a window alone and in a batch. Where it does not,
    /// <see cref="Encode"/> takes one window at a time.
    /// </summary>
    public bool BatchIndependent { get; }

    /// <summary>
    /// Vectors of length 1 (of any length with <see cref="EncoderOptions.DotProduct"/>) for all rows of the vocabulary,
    /// row-major [rows, Width]; the padding row is 0.
    /// </summary>
    public ReadOnlyMemory<float> ItemVectors => _itemVectors;

    /// <summary>Names of the weights as a checkpoint has them, in its order.</summary>
    public IReadOnlyList<string> WeightNames => [.. _encoder.state_dict().Keys];

    /// <summary>The network, for those who judge it or go on training a copy.</summary>
    internal SequenceEncoder Network => _encoder;

    /// <summary>An encoder that was never fitted: random weights, the same for the same seed.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    public static EncoderModel Fresh(EncoderOptions options, IReadOnlyCollection<ItemId> items, ulong seed)
    {
        ArgumentNullException.ThrowIfNull(options);
        var vocabulary = new Vocabulary(items, options.Checked().HashBuckets);
        return new EncoderModel(options, vocabulary, new SequenceEncoder(options, vocabulary.Rows, seed), fit: null);
    }

    /// <summary>Reads what <see cref="Save(string)"/> wrote.</summary>
    /// <param name="path">With or without <c>.safetensors</c>.</param>
    /// <exception cref="FileNotFoundException">The weights or the card are not there.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the two do not belong together.</exception>
    public static EncoderModel Load(string path)
    {
        var (weightsPath, cardPath) = Paths(path);
        var bytes = BytesOf(weightsPath, "weights");
        var card = EncoderCard.Read(BytesOf(cardPath, "card"), cardPath);

        // Read before the hash is compared, because "cut short" says more than "another hash".
        var weights = WeightsFile.Read(bytes, weightsPath);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) is var hash && hash != card.Sha256)
        {
            throw WeightsFile.Damaged(weightsPath, $"its SHA-256 is {hash}, its card says {card.Sha256}");
        }

        var (options, vocabulary) = Shape(card, cardPath);
        var encoder = new SequenceEncoder(options, vocabulary.Rows, seed: 0);
        Fill(encoder, weights, weightsPath);
        return new EncoderModel(options, vocabulary, encoder, card.Fit) { Prior = card.Prior?.ToPrior(cardPath) };
    }

    /// <summary>Writes <c>PATH.safetensors</c> and its card <c>PATH.json</c>, each by rename, so that neither is ever half written.</summary>
    /// <param name="path">With or without <c>.safetensors</c>.</param>
    public void Save(string path) => Save(path, Prior);

    /// <summary>The same with another prior on the card.</summary>
    /// <param name="path">With or without <c>.safetensors</c>.</param>
    /// <param name="prior">What learners are to begin with; null for nothing.</param>
    public void Save(string path, RidgePrior? prior)
    {
        var (weightsPath, cardPath) = Paths(path);
        if (Path.GetDirectoryName(Path.GetFullPath(weightsPath)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        var bytes = WeightBytes();
        Replace(weightsPath, bytes);
        Replace(cardPath, new EncoderCard
        {
            Format = EncoderCard.FormatNow,
            Version = Version,
            Sha256 = Convert.ToHexStringLower(SHA256.HashData(bytes)),
            Options = Options,
            VocabularyHash = Vocabulary.Hash,
            Fit = Fit,
            Items = [.. Vocabulary.Known.Select(item => item.Value)],
            Prior = prior is null ? null : PriorCard.Of(prior),
        }.ToJson());
    }

    /// <summary>The state of each user.</summary>
    /// <param name="windows">Each oldest first; an empty one is a user of whom nothing is known.</param>
    /// <returns>For each window a state of length 1 (about 1 with <see cref="EncoderOptions.DotProduct"/>): [Width] numbers.</returns>
    public float[][] Encode(IReadOnlyList<ImmutableArray<Touch>> windows)
    {
        ArgumentNullException.ThrowIfNull(windows);
        var tokens = new Token[windows.Count][];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = windows[i].IsDefaultOrEmpty ? [] : [.. Newest(windows[i]).Select(touch => Token.Of(touch, Vocabulary))];
        }

        return EncodeTokens(tokens, BatchIndependent ? BatchMax : 1);
    }

    /// <summary>The vector of any item; items unknown to training share one by the hash of their name.</summary>
    public ReadOnlySpan<float> ItemVector(ItemId item)
        => _itemVectors.AsSpan(Vocabulary.RowOf(item) * Options.Width, Options.Width);

    /// <summary>The known items that fit a state best, exactly; equals in ordinal order of their names.</summary>
    /// <param name="state">[Width] numbers.</param>
    /// <param name="best">Filled from the front, best first.</param>
    /// <returns>How many were written: fewer than asked for where fewer items are known.</returns>
    /// <exception cref="ArgumentException">The state has another width.</exception>
    public int TopK(ReadOnlySpan<float> state, Span<ScoredItem> best)
    {
        if (state.Length != Options.Width)
        {
            throw new ArgumentException($"a state of {state.Length} numbers, this encoder's have {Options.Width}", nameof(state));
        }

        var found = best.Length <= 512 ? stackalloc (int Index, float Score)[best.Length] : new (int Index, float Score)[best.Length];
        var count = _scorer.TopK(state, found);
        for (var i = 0; i < count; i++)
        {
            best[i] = new ScoredItem(Vocabulary.Known[found[i].Index], Vocabulary.FirstKnownRow + found[i].Index, found[i].Score);
        }

        return count;
    }

    /// <summary>Scores of all known items, as training compared them: [B · N] for B windows.</summary>
    internal float[] ScoreKnown(Token[][] windows)
    {
        var states = EncodeTokens(windows, BatchIndependent ? BatchMax : 1);
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var first = Vocabulary.FirstKnownRow * Options.Width;
        _knownColumns ??= tensor(_itemVectors[first..], [Vocabulary.Known.Count, Options.Width]).t().contiguous().DetachFromDisposeScope();
        return matmul(tensor([.. states.SelectMany(state => state)], [states.Length, Options.Width]), _knownColumns)
            .Times(1 / _encoder.Temperature).data<float>().ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _knownColumns?.Dispose();
        _encoder.Dispose();
    }

    // A state hangs on the newest touches alone: more would cost time and change nothing.
    private ImmutableArray<Touch> Newest(ImmutableArray<Touch> window) => window.Length > Options.Window ? window[^Options.Window..] : window;

    private float[][] EncodeTokens(ReadOnlySpan<Token[]> windows, int batchMax)
    {
        var states = new float[windows.Length][];
        for (var from = 0; from < windows.Length; from += batchMax)
        {
            var part = windows.Slice(from, Math.Min(batchMax, windows.Length - from));
            var newest = _encoder.Newest(part).AsSpan();
            for (var i = 0; i < part.Length; i++)
            {
                states[from + i] = newest.Slice(i * Options.Width, Options.Width).ToArray();
            }
        }

        return states;
    }

    private bool ProbeBatchIndependence()
    {
        var chance = new Chance(0);
        var windows = new Token[BatchMax][];
        for (var i = 0; i < windows.Length; i++)
        {
            windows[i] = new Token[chance.Next(Options.Window + 1)];
            for (var t = 0; t < windows[i].Length; t++)
            {
                windows[i][t] = new Token(
                    Vocabulary.NoItemRow + chance.Next(Vocabulary.Rows - 1), 1 + chance.Next(13), t * 60L + chance.Next(60));
            }
        }

        var alone = EncodeTokens(windows, batchMax: 1);
        foreach (var together in (ReadOnlySpan<int>)[BatchMax, 7, 2])
        {
            var states = EncodeTokens(windows, together);
            for (var i = 0; i < windows.Length; i++)
            {
                if (!states[i].AsSpan().SequenceEqual(alone[i]))
                {
                    return false;
                }
            }
        }

        return true;
    }

    private float[] Rows()
    {
        using var scope = NewDisposeScope();
        var rows = _encoder.ItemTable.detach().contiguous().data<float>().ToArray();
        rows.AsSpan(0, Options.Width).Clear();
        return rows;
    }

    private float[] UnitRows()
    {
        var rows = Rows();
        for (var at = Options.Width; at < rows.Length; at += Options.Width)
        {
            var row = rows.AsSpan(at, Options.Width);
            var square = 0d;
            foreach (var number in row)
            {
                square += (double)number * number;
            }

            var length = Math.Max(Math.Sqrt(square), 1e-12);
            foreach (ref var number in row)
            {
                number = (float)(number / length);
            }
        }

        return rows;
    }

    private byte[] WeightBytes()
    {
        using var scope = NewDisposeScope();
        var weights = _encoder.state_dict()
            .Select(entry => new WeightsFile.Weight(
                entry.Key, entry.Value.shape, entry.Value.detach().contiguous().data<float>().ToArray()))
            .ToArray();
        return WeightsFile.Write(weights, $"{JsonSerializer.Serialize(Options)} {Vocabulary.Hash}");
    }

    private static string VersionOf(byte[] weights) => Convert.ToHexStringLower(SHA256.HashData(weights).AsSpan(0, 8));

    private static (EncoderOptions Options, Vocabulary Vocabulary) Shape(EncoderCard card, string path)
    {
        try
        {
            var options = card.Options.Checked();
            var vocabulary = new Vocabulary(card.Items.Select(item => new ItemId(item)), options.HashBuckets);
            return vocabulary.Hash == card.VocabularyHash
                ? (options, vocabulary)
                : throw WeightsFile.Damaged(path, $"its items have hash {vocabulary.Hash}, it says {card.VocabularyHash}");
        }
        catch (ArgumentException fault)
        {
            throw WeightsFile.Damaged(path, fault.Message, fault);
        }
    }

    private static void Fill(SequenceEncoder encoder, IReadOnlyList<WeightsFile.Weight> weights, string path)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        var wanted = encoder.state_dict();
        if (!wanted.Keys.SequenceEqual(weights.Select(weight => weight.Name)))
        {
            throw WeightsFile.Damaged(path, $"it holds {weights.Count} weights under names that are not this encoder's {wanted.Count}");
        }

        foreach (var weight in weights)
        {
            var target = wanted[weight.Name];
            if (!target.shape.SequenceEqual(weight.Shape))
            {
                throw WeightsFile.Damaged(path, $"{weight.Name} is [{string.Join(", ", weight.Shape)}], its card says [{string.Join(", ", target.shape)}]");
            }

            target.copy_(tensor(weight.Numbers, weight.Shape));
        }
    }

    private static (string Weights, string Card) Paths(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var name = path.EndsWith(WeightsExtension, StringComparison.Ordinal) ? path[..^WeightsExtension.Length] : path;
        return (name + WeightsExtension, name + CardExtension);
    }

    private static byte[] BytesOf(string path, string what)
        => File.Exists(path)
            ? File.ReadAllBytes(path)
            : throw new FileNotFoundException($"the encoder's {what} {path} are not there: train one with 'aptrl train --out PATH'", path);

    private static void Replace(string path, byte[] bytes)
    {
        var partial = path + ".partial";
        File.WriteAllBytes(partial, bytes);
        File.Move(partial, path, overwrite: true);
    }
}
