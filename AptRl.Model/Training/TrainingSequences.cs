using AptRl.Model.Datasets;
using AptRl.Model.Encoding;

namespace AptRl.Model.Training;

/// <summary>Sequences as rows of a vocabulary, cut into chunks that fit a batch.</summary>
internal sealed class TrainingSequences
{
    private readonly TrainingPart _part;
    private readonly int[] _rows;
    private readonly int[] _firstTouches;
    private readonly List<(int Sequence, int From, int To)> _chunks = [];
    private readonly double _recency;
    private readonly double _meanWeight = 1;

    /// <param name="part">What is fitted to; its items touched at least once are the known ones.</param>
    /// <param name="hashBuckets">Rows for unknown items.</param>
    /// <param name="window">T; a chunk is twice as long: its later half sees as much as at serving, and only its first half begins cold.</param>
    /// <param name="recency"><see cref="TrainingOptions.Recency"/></param>
    internal TrainingSequences(TrainingPart part, int hashBuckets, int window, double recency = 0)
    {
        (_part, _recency) = (part, recency);
        var seen = new HashSet<int>(
            part.Sequences.SelectMany(touches => touches).Select(touch => touch.Item).Where(item => item != IndexedTouch.NoItem));
        Vocabulary = new Vocabulary(seen.Select(item => part.Items[item]), hashBuckets);
        _rows = [.. part.Items.Select(Vocabulary.RowOf)];
        Counts = new int[Vocabulary.Rows];
        _firstTouches = new int[part.Sequences.Count];
        var (weight, touched) = (0d, 0L);
        for (var sequence = 0; sequence < part.Sequences.Count; sequence++)
        {
            var touches = part.Sequences[sequence];
            _firstTouches[sequence] = (int)touched;
            for (var from = 0; from < touches.Length; from += 2 * window)
            {
                _chunks.Add((sequence, from, Math.Min(from + 2 * window, touches.Length)));
            }

            foreach (var touch in touches)
            {
                Counts[RowOf(touch)]++;
            }

            weight += touches.Length * Decay(sequence);
            touched += touches.Length;
        }

        _meanWeight = touched == 0 ? 1 : weight / touched;
    }

    internal Vocabulary Vocabulary { get; }

    /// <summary>How often each row was touched.</summary>
    internal int[] Counts { get; }

    internal int ChunkCount => _chunks.Count;

    internal static bool IsTarget(Token token)
        => token.Row != Vocabulary.NoItemRow && new IndexedTouch(0, (byte)token.Kind, 0).IsWanted;

    /// <summary>Tokens of a chunk, and whether it begins its sequence.</summary>
    internal (Token[] Tokens, bool FromStart) Chunk(int index)
    {
        var (sequence, from, to) = _chunks[index];
        return (Tokens(_part.Sequences[sequence].AsSpan(from, to - from)), from == 0);
    }

    internal int LengthOf(int chunk) => _chunks[chunk].To - _chunks[chunk].From;

    /// <summary>Where a chunk's first touch stands among all touches, counted through all sequences in their order.</summary>
    internal int FirstTouchOf(int chunk) => _firstTouches[_chunks[chunk].Sequence] + _chunks[chunk].From;

    /// <summary>How much a chunk's predictions count; 1 on average over touches.</summary>
    internal float WeightOf(int chunk) => (float)(Decay(_chunks[chunk].Sequence) / _meanWeight);

    /// <summary>The newest touches of a history.</summary>
    internal Token[] Window(ReadOnlyMemory<IndexedTouch> history, int length)
        => Tokens(history.Span[Math.Max(0, history.Length - length)..]);

    /// <summary>The row of an item of the catalogue, or of no item.</summary>
    internal int RowOf(int item) => item == IndexedTouch.NoItem ? Vocabulary.NoItemRow : _rows[item];

    private double Decay(int sequence)
        => _recency > 0 ? Math.Exp(-(_part.Sequences.Count - 1 - sequence) / (_recency * _part.Sequences.Count)) : 1;

    private Token[] Tokens(ReadOnlySpan<IndexedTouch> touches)
    {
        var tokens = new Token[touches.Length];
        for (var i = 0; i < tokens.Length; i++)
        {
            tokens[i] = new Token(RowOf(touches[i]), touches[i].Kind, touches[i].Seconds);
        }

        return tokens;
    }

    private int RowOf(IndexedTouch touch) => RowOf(touch.Item);
}
