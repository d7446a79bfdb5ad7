using AptRl.Model.Encoding;
using AptRl.Model.Events;

namespace AptRl.Model.Training;

/// <summary>The data set cut for one fit: what comes before the validation cut in chunks, what comes after as targets.</summary>
internal sealed class TrainingSequences
{
    private readonly Vocabulary _vocabulary;
    private readonly SequenceDataset _dataset;
    private readonly int[] _rows;
    private readonly List<(int User, int From, int To)> _chunks = [];
    private readonly List<(int User, int Position)> _targets = [];

    internal TrainingSequences(SequenceDataset dataset, EncoderOptions encoder, TrainingOptions options)
    {
        _dataset = dataset;
        var cut = Cut(dataset, options.ValidationShare);
        var seen = new HashSet<int>(
            dataset.Users.SelectMany(user => user).Where(touch => touch.Seconds < cut && touch.Item >= 0).Select(touch => touch.Item));
        _vocabulary = new Vocabulary(seen.Select(item => dataset.Items[item]), encoder.HashBuckets);
        _rows = [.. dataset.Items.Select(_vocabulary.RowOf)];
        Counts = new int[_vocabulary.Rows];

        // Twice the window: a chunk's later half sees as much as at serving, and only its first half begins cold.
        var chunkLength = 2 * encoder.Window;
        for (var user = 0; user < dataset.Users.Length; user++)
        {
            var touches = dataset.Users[user];
            var end = Array.FindIndex(touches, touch => touch.Seconds >= cut) is var at and >= 0 ? at : touches.Length;
            for (var from = 0; from < end; from += chunkLength)
            {
                _chunks.Add((user, from, Math.Min(from + chunkLength, end)));
            }

            foreach (var touch in touches.AsSpan(0, end))
            {
                Counts[RowOf(touch)]++;
            }

            for (var position = end; position < touches.Length; position++)
            {
                if (IsTarget(touches[position]))
                {
                    _targets.Add((user, position));
                }
            }
        }
    }

    internal Vocabulary Vocabulary => _vocabulary;

    /// <summary>How often each row was touched in training.</summary>
    internal int[] Counts { get; }

    internal int ChunkCount => _chunks.Count;

    /// <summary>Tokens of a chunk, and whether it begins its user's history.</summary>
    internal (Token[] Tokens, bool FromStart) Chunk(int index)
    {
        var (user, from, to) = _chunks[index];
        return (Tokens(user, from, to), from == 0);
    }

    internal int LengthOf(int chunk) => _chunks[chunk].To - _chunks[chunk].From;

    internal static bool IsTarget(Token touch) => touch.Row != Vocabulary.NoItemRow && IsWanted(touch.Kind);

    /// <summary>At most so many targets, evenly spread: the window before each, and the row of the item touched then.</summary>
    internal (Token[][] Windows, int[] Rows) Validation(int targetsMax, int window)
    {
        var count = Math.Min(targetsMax, _targets.Count);
        var (windows, rows) = (new Token[count][], new int[count]);
        for (var i = 0; i < count; i++)
        {
            var (user, position) = _targets[(int)((long)i * _targets.Count / count)];
            windows[i] = Tokens(user, Math.Max(0, position - window), position);
            rows[i] = RowOf(_dataset.Users[user][position]);
        }

        return (windows, rows);
    }

    // What a user turns away from is worth knowing, and not worth predicting.
    private static bool IsWanted(int kind)
        => (InteractionKind)kind is not (InteractionKind.RemoveFromCart or InteractionKind.Refund or InteractionKind.Dismiss or InteractionKind.SessionEnd);

    private static bool IsTarget(SequenceDataset.Moment touch)
        => touch.Item != SequenceDataset.Moment.NoItem && IsWanted(touch.Kind);

    private static long Cut(SequenceDataset dataset, double share)
    {
        long[] times = [.. dataset.Users.SelectMany(user => user).Select(touch => touch.Seconds)];
        Array.Sort(times);
        var held = (int)(times.Length * share);
        return held == 0 ? long.MaxValue : times[^held];
    }

    private Token[] Tokens(int user, int from, int to)
    {
        var tokens = new Token[to - from];
        for (var i = 0; i < tokens.Length; i++)
        {
            var touch = _dataset.Users[user][from + i];
            tokens[i] = new Token(RowOf(touch), touch.Kind, touch.Seconds);
        }

        return tokens;
    }

    private int RowOf(SequenceDataset.Moment touch)
        => touch.Item == SequenceDataset.Moment.NoItem ? Vocabulary.NoItemRow : _rows[touch.Item];
}
