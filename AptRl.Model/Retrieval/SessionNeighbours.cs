namespace AptRl.Model.Retrieval;

/// <summary>Scores what may come next in a session by what came in sessions like it.</summary>
/// <remarks>
/// A session-kNN after VMIS-kNN (Kersbergen et al., SIGMOD 2022) and STAN (Garg et al., SIGIR 2019):
/// sim(s) = Σ e^(-d(i)/λ) over shared items i, d different items back in the query, by length and age of s;
/// score(j) = idf(j) · Σ sim(s) · max over shared i of e^(-d(i)/μ) · step(position of j - position of i).
/// Differences: items before the shared one count less than those after it; a neighbour's age is in sessions and weighs
/// 1/(1 + age/τ); the session's own items get a share of their own, larger where there are few neighbours; and the best
/// items hand a part of their score on to their co-visits. Scores of a question sum to 1.
/// Only the newest <see cref="QueryMax"/> touches of the query are read. Reuses its scratch, so one reader each.
/// </remarks>
public sealed class SessionNeighbours
{
    /// <summary>Touches of the query that are read, the newest.</summary>
    public const int QueryMax = 100;

    private const int QueryItemsMax = 30;

    private readonly SessionIndex _index;
    private readonly CoVisitation _coVisits;
    private readonly SessionNeighboursOptions _options;
    private readonly NeighbourSearch _search;
    private readonly Tally _query = new();
    private readonly Tally _scores = new();
    private readonly float[] _steps;
    private float[] _lengths = [];
    private ulong[] _keys = [];

    /// <summary>Reads two indexes, which may go on growing between questions.</summary>
    public SessionNeighbours(SessionIndex index, CoVisitation coVisits, SessionNeighboursOptions options)
    {
        (_index, _coVisits, _options, _search) = (index, coVisits, options.Checked(), new NeighbourSearch(index));
        var steps = options.Steps;
        _steps = [.. Enumerable.Range(-steps.Reach, 2 * steps.Reach + 1).Select(step => (float)(step switch
        {
            0 => steps.Same,
            > 0 => Math.Exp(-(step - 1) / steps.Distance),
            _ => steps.Backward * Math.Exp((step + 1) / steps.Distance),
        }))];
    }

    /// <summary>Sessions that spoke on the last question.</summary>
    public int Neighbours { get; private set; }

    /// <summary>The items of the last question that have a score, in no order.</summary>
    public ReadOnlySpan<int> Found => _scores.Indices;

    /// <summary>An item's share of the last question's score, in [0, 1]; 0 for one that nothing speaks for.</summary>
    public float this[int item] => _scores[item];

    /// <summary>Answers what may come next.</summary>
    /// <param name="history">The session up to now, oldest first; negative for an item that is not known.</param>
    /// <returns>The items that have a score, in no order, until the next question.</returns>
    public ReadOnlySpan<int> Ask(ReadOnlySpan<int> history)
    {
        history = history[Math.Max(0, history.Length - QueryMax)..];
        _scores.Clear();
        _query.Clear();
        _search.Clear();
        var end = _index.ItemsEnd;
        foreach (var item in history)
        {
            end = Math.Max(end, item + 1);
        }

        _query.Reserve(end);
        _scores.Reserve(end);
        Match(history);
        Listen();
        var total = WeighByRarity();
        HandOn();
        Repeat(history, total > 0 ? total : 1);
        Normalise();
        return Found;
    }

    private void Match(ReadOnlySpan<int> history)
    {
        var back = 0;
        for (var at = history.Length - 1; at >= 0 && back < QueryItemsMax; at--)
        {
            var item = history[at];
            if (item >= 0 && _query[item] == 0)
            {
                _query.Add(item, (float)Math.Exp(-back / _options.Steps.QueryDistance));
                _search.Match(item, (float)Math.Exp(-back / _options.QueryDistance), _options.SessionsPerItem);
                back++;
            }
        }

        foreach (ref var session in _search.Sum())
        {
            var age = 1 + (float)((_index.Opened - session.Number) / _options.HalfAge);
            session = session with { Similarity = session.Similarity / (LengthWeight(_index.DistinctOf(session.Number)) * age) };
        }
    }

    // Powers cost more than all else that is done to a session, and lengths are few.
    private float LengthWeight(int distinct)
    {
        if (distinct >= _lengths.Length)
        {
            _lengths = [.. Enumerable.Range(0, 2 * distinct).Select(length => (float)Math.Pow(length, _options.LengthPower))];
        }

        return _lengths[distinct];
    }

    private void Listen()
    {
        var reach = _options.Steps.Reach;
        var nearest = _search.Nearest(_options.Neighbours);
        Neighbours = nearest.Length;
        foreach (var session in nearest)
        {
            var items = _index.ItemsOf(session.Number);
            for (var at = 0; at < items.Length; at++)
            {
                var best = 0f;
                for (var shared = Math.Max(0, at - reach); shared <= Math.Min(items.Length - 1, at + reach); shared++)
                {
                    best = Math.Max(best, _query[items[shared]] * _steps[at - shared + reach]);
                }

                _scores.Add(items[at], best * session.Similarity);
            }
        }
    }

    private double WeighByRarity()
    {
        var total = 0.0;
        foreach (var item in Found)
        {
            var rarity = MathF.Log(1 + (float)_index.Count / Math.Max(1, _index.SessionsWith(item)));
            _scores.Scale(item, MathF.Pow(rarity, (float)_options.RarityPower));
            total += _scores[item];
        }

        return total;
    }

    private void HandOn()
    {
        var from = Math.Min(_options.SecondHop.From, Found.Length);
        if (_options.SecondHop.Weight == 0 || from == 0)
        {
            return;
        }

        if (_keys.Length < Found.Length)
        {
            _keys = new ulong[2 * Found.Length];
        }

        var keys = _keys.AsSpan(0, Found.Length);
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = ((ulong)BitConverter.SingleToUInt32Bits(_scores[Found[i]]) << 32) | (uint)Found[i];
        }

        keys.Sort();
        foreach (var key in keys[^from..])
        {
            if (_coVisits.EntryOrNull((int)(uint)key) is not { Total: > 0 } near)
            {
                continue;
            }

            var unit = BitConverter.UInt32BitsToSingle((uint)(key >> 32)) * _options.SecondHop.Weight / near.Total;
            for (var i = 0; i < near.Items.Length; i++)
            {
                _scores.Add(near.Items[i], (float)(unit * near.Weights[i]));
            }
        }
    }

    private void Repeat(ReadOnlySpan<int> history, double total)
    {
        var repeats = _options.Repeats;
        var scarcity = 1 + repeats.Scarcity * 10 / (10 + Neighbours);
        var again = 0;
        for (var at = 1; at < history.Length; at++)
        {
            again += history[at] == history[at - 1] ? 1 : 0;
        }

        for (var back = 0; back < _query.Indices.Length; back++)
        {
            var weight = back == 0
                ? repeats.Last + repeats.Habit * again / (history.Length + 2)
                : repeats.Earlier * Math.Exp(-(back - 1) / repeats.Distance);
            var item = _query.Indices[back];
            _scores.Add(item, (float)(weight * history.Count(item) * scarcity * total));
        }
    }

    private void Normalise()
    {
        var total = 0.0;
        foreach (var item in Found)
        {
            total += _scores[item];
        }

        foreach (var item in Found)
        {
            _scores.Scale(item, (float)(1 / total));
        }
    }
}
