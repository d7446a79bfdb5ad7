using System.Runtime.InteropServices;
using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Recommenders;
using AptRl.Model.Retrieval;

namespace AptRl.Model.Mixing;

/// <summary>All that one training part says about a candidate, from the encoder, from neighbours, from a linear model and from counts.</summary>
/// <remarks>
/// Candidates are the best of the encoder, of the neighbours and of the linear model, and the session's own items. For each the features name what
/// every source thinks of it; which source is to be believed when is learned (<see cref="MixTrainer"/>). One reader at a
/// time.
/// </remarks>
internal sealed class MixSources : IDisposable
{
    /// <summary>Features of a candidate, in the order of <see cref="Describe"/>.</summary>
    internal static readonly string[] FeatureNames =
    [
        "encoder score below its best", "encoder log share", "encoder log rank",
        "neighbours share", "neighbours log share", "neighbours log rank", "neighbours share of their best",
        "co-visits with last", "co-visits with last but one", "co-visits with third last", "co-visits with any, at most", "co-visits the other way",
        "encoder likeness to last", "encoder likeness to last but one",
        "log popularity", "log popularity newest eighth", "log popularity newest fortieth", "trend",
        "times in session", "back in session", "is last", "repeat share of item", "return share of item",
        "length of session", "distinct share of session", "adjacent repeats in session",
        "neighbours found", "encoder best log share", "neighbours best share", "log popularity of last", "repeat share of last",
        "linear score", "linear log rank", "linear share of its best",
        "encoder candidates near the best", "mean of log ranks",
    ];

    private const int FromEncoder = 80;
    private const int FromNeighbours = 80;
    private const int FromLinear = 50;
    private const int OwnMax = 20;

    private readonly EncoderModel _encoder;
    private readonly EncoderRecommender _scorer;
    private readonly SessionMemory _memory;
    private readonly SessionNeighbours _neighbours;
    private readonly ItemFacts _facts;
    private readonly int _items;
    private readonly List<int> _history = [];
    private readonly List<int> _candidates = [];
    private readonly int[] _encoderRank;
    private readonly int[] _neighbourRank;
    private readonly int[] _linearRank;
    private readonly float[] _linearScores;
    private readonly IRecommender _linear;
    private readonly float[] _neighbourScores;
    private readonly BestItems _bestEncoded = new(FromEncoder);
    private readonly BestItems _bestNeighbours = new(FromNeighbours);
    private readonly BestItems _bestLinear = new(FromLinear);

    /// <param name="part">What the encoder was fitted to; neighbours and counts are taken from it.</param>
    /// <param name="encoder">Disposed with this.</param>
    /// <param name="context">Stops it.</param>
    internal MixSources(TrainingPart part, EncoderModel encoder, FitContext context)
    {
        (_encoder, _items) = (encoder, part.Items.Length);
        _scorer = new EncoderRecommender(encoder, part.Items);
        _memory = new SessionMemory(new SessionIndexOptions { SessionsMax = Math.Max(1, part.Sequences.Count) }, new CoVisitationOptions());
        foreach (var touches in part.Sequences)
        {
            _memory.Add([.. touches.Select(touch => touch.Item)]);
        }

        _neighbours = new SessionNeighbours(_memory.Sessions, _memory.CoVisits, new SessionNeighboursOptions());
        _facts = new ItemFacts(part);
        _linear = new EaseR().Fit(part, 0, context);
        (_encoderRank, _neighbourRank, _linearRank) = (new int[_items], new int[_items], new int[_items]);
        (_linearScores, _neighbourScores) = (new float[_items], new float[_items]);
        Array.Fill(_neighbourScores, float.NegativeInfinity);
        Vectors = [.. part.Items.Select(item => encoder.Vocabulary.Knows(item) ? encoder.Vocabulary.RowOf(item) : Vocabulary.PaddingRow)];
    }

    /// <summary>What the encoder was fitted to.</summary>
    internal EncoderFit EncoderFit => _encoder.Fit!;

    private int[] Vectors { get; }

    /// <summary>The larger, the better the sources like the candidate on the whole.</summary>
    internal static float MeanRank(ReadOnlySpan<float> row) => -row[^1];

    /// <summary>The encoder's scores of the whole catalogue: [B, N].</summary>
    internal void Score(ReadOnlySpan<Question> questions, Span<float> scores) => _scorer.Score(questions, scores);

    /// <summary>Finds candidates and writes what each source says of them.</summary>
    /// <param name="question">The question.</param>
    /// <param name="encoded">[N], the encoder's scores for it.</param>
    /// <param name="features">Cleared; row-major [candidates, features].</param>
    /// <returns>The candidates; valid until the next call.</returns>
    internal ReadOnlySpan<int> Describe(Question question, ReadOnlySpan<float> encoded, List<float> features)
    {
        _history.Clear();
        _candidates.Clear();
        features.Clear();
        foreach (var touch in question.History.Span)
        {
            if (touch.Item != IndexedTouch.NoItem)
            {
                _history.Add(touch.Item);
            }
        }

        var history = CollectionsMarshal.AsSpan(_history);
        _neighbours.Ask(history);
        _linear.Score([question], _linearScores);
        foreach (ref var score in _linearScores.AsSpan())
        {
            // What it has no evidence for it orders below 0: that is no opinion.
            score = score > 0 ? score : float.NegativeInfinity;
        }

        var (best, logTotal) = Gather(encoded);
        var (bestNeighbour, bestLinear) = Collect(encoded, history);
        var near = 0;
        foreach (var item in _candidates)
        {
            near += _encoderRank[item] > 0 && encoded[item] > best - 1 ? 1 : 0;
        }

        var session = SessionFacts.Of(history);
        foreach (var item in _candidates)
        {
            DescribeOne(item, history, session, encoded[item], best, logTotal, bestNeighbour, bestLinear, near, features);
        }

        foreach (var item in _candidates)
        {
            (_encoderRank[item], _neighbourRank[item], _linearRank[item]) = (0, 0, 0);
        }

        return CollectionsMarshal.AsSpan(_candidates);
    }

    public void Dispose()
    {
        _scorer.Dispose();
        _linear.Dispose();
    }

    private static (float Best, float LogTotal) Gather(ReadOnlySpan<float> encoded)
    {
        var best = float.NegativeInfinity;
        foreach (var score in encoded)
        {
            best = Math.Max(best, score);
        }

        if (float.IsNegativeInfinity(best))
        {
            return (0, 0);
        }

        var total = 0d;
        foreach (var score in encoded)
        {
            total += Math.Exp(score - best);
        }

        return (best, best + (float)Math.Log(total));
    }

    // Candidates of all sources, each once, with its rank in each.
    private (float BestNeighbour, float BestLinear) Collect(ReadOnlySpan<float> encoded, ReadOnlySpan<int> history)
    {
        foreach (var item in _neighbours.Found)
        {
            _neighbourScores[item] = _neighbours[item];
        }

        Collect(_bestEncoded.InOrder(encoded), _encoderRank);
        var bestNeighbour = Collect(_bestNeighbours.InOrder(_neighbourScores), _neighbourRank) is var near and >= 0 ? _neighbourScores[near] : 0;
        var bestLinear = Collect(_bestLinear.InOrder(_linearScores), _linearRank) is var linear and >= 0 ? Math.Max(0, _linearScores[linear]) : 0;
        for (var back = 1; back <= Math.Min(OwnMax, history.Length); back++)
        {
            if (!IsCandidate(history[^back]) && !_candidates.Contains(history[^back]))
            {
                _candidates.Add(history[^back]);
            }
        }

        foreach (var item in _neighbours.Found)
        {
            _neighbourScores[item] = float.NegativeInfinity;
        }

        return (bestNeighbour, bestLinear);
    }

    private int Collect(ReadOnlySpan<int> best, int[] ranks)
    {
        for (var i = 0; i < best.Length; i++)
        {
            if (!IsCandidate(best[i]))
            {
                _candidates.Add(best[i]);
            }

            ranks[best[i]] = i + 1;
        }

        return best.IsEmpty ? -1 : best[0];
    }

    private bool IsCandidate(int item) => _encoderRank[item] > 0 || _neighbourRank[item] > 0 || _linearRank[item] > 0;

    private void DescribeOne(
        int item, ReadOnlySpan<int> history, SessionFacts session, float encoded, float best, float logTotal, float bestNeighbour, float bestLinear, int near, List<float> features)
    {
        var (last, previous, third) = (At(history, 1), At(history, 2), At(history, 3));
        var neighbour = _neighbours[item];
        var score = float.IsNegativeInfinity(encoded) ? logTotal - 20 : encoded;
        var encoderRank = MathF.Log(_encoderRank[item] > 0 ? _encoderRank[item] : 2 * FromEncoder);
        var neighbourRank = MathF.Log(_neighbourRank[item] > 0 ? _neighbourRank[item] : 2 * FromNeighbours);
        var linearRank = MathF.Log(_linearRank[item] > 0 ? _linearRank[item] : 2 * FromLinear);
        var linear = Math.Max(0, _linearScores[item]);
        var (anyShare, otherWay) = (0d, 0d);
        foreach (var touched in session.Newest)
        {
            anyShare = Math.Max(anyShare, _memory.CoVisits.Share(touched, item));
            otherWay = Math.Max(otherWay, _memory.CoVisits.Share(item, touched));
        }

        var (times, back1) = (0, 0);
        for (var back = 1; back <= history.Length; back++)
        {
            if (history[^back] == item)
            {
                times++;
                back1 = back1 == 0 ? back : back1;
            }
        }

        features.AddRange(
        [
            score - best, score - logTotal, encoderRank,
            neighbour, MathF.Log(neighbour + 1e-5f), neighbourRank, bestNeighbour > 0 ? neighbour / bestNeighbour : 0,
            Share(last, item), Share(previous, item), Share(third, item), (float)anyShare, (float)otherWay,
            Likeness(last, item), Likeness(previous, item),
            _facts.LogCount(item), _facts.LogCountEighth(item), _facts.LogCountFortieth(item), _facts.Trend(item),
            times, back1, back1 == 1 ? 1 : 0, _facts.RepeatShare(item), _facts.ReturnShare(item),
            Math.Min(history.Length, 50), session.DistinctShare, session.AdjacentRepeats,
            MathF.Log(1 + _neighbours.Neighbours), best - logTotal, bestNeighbour, last < 0 ? 0 : _facts.LogCount(last), last < 0 ? 0 : _facts.RepeatShare(last),
            linear, linearRank, bestLinear > 0 ? linear / bestLinear : 0,
            near, (encoderRank + neighbourRank + linearRank) / 3,
        ]);
    }

    private static int At(ReadOnlySpan<int> history, int back) => back <= history.Length ? history[^back] : -1;

    private float Share(int of, int item) => of < 0 ? 0 : (float)_memory.CoVisits.Share(of, item);

    private float Likeness(int one, int other)
        => one < 0 ? 0 : System.Numerics.Tensors.TensorPrimitives.Dot(VectorOf(one), VectorOf(other));

    private ReadOnlySpan<float> VectorOf(int item)
        => _encoder.ItemVectors.Span.Slice(Vectors[item] * _encoder.Options.Width, _encoder.Options.Width);

    /// <summary>What is the same for all candidates of a question.</summary>
    /// <param name="Newest">The newest different items, newest first.</param>
    /// <param name="DistinctShare">Different items by touches.</param>
    /// <param name="AdjacentRepeats">Touches of what was touched right before.</param>
    private readonly record struct SessionFacts(int[] Newest, float DistinctShare, int AdjacentRepeats)
    {
        private const int NewestMax = 8;

        internal static SessionFacts Of(ReadOnlySpan<int> history)
        {
            var (distinct, newest, adjacent) = (new HashSet<int>(), new List<int>(), 0);
            for (var back = 1; back <= history.Length; back++)
            {
                if (distinct.Add(history[^back]) && newest.Count < NewestMax)
                {
                    newest.Add(history[^back]);
                }

                adjacent += back < history.Length && history[^back] == history[^(back + 1)] ? 1 : 0;
            }

            return new SessionFacts([.. newest], history.Length == 0 ? 1 : (float)distinct.Count / history.Length, adjacent);
        }
    }
}
