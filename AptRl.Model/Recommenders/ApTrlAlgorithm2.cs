using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using AptRl.Model.Datasets;
using AptRl.Model.Events;

namespace AptRl.Model.Recommenders;

/// <summary>AP-TRL's Algorithm 2 as it is written: a table of Q-values whose states are embeddings turned to text.</summary>
/// <remarks>
/// Gupta and Nagaraj, "Augmenting Real-Time Personalization with Transformer Reinforcement Learning", Algorithm 2: the
/// embedding of <see cref="ApTrlEncoder"/>, as text, is the state s; K times the best action a for s is taken and appended, and
/// Q(s, a) ← Q(s, a) + α(r + γ max Q(s', ·) - Q(s, a)) (Watkins 1989). A text stands for one exact history, so a state that
/// training has not met tells nothing, however near it is to one that it has. The paper leaves open, and we chose:
/// - whence r: training walks the sequences once, oldest first; the item that came next is the action, with reward 1;
/// - α = 0.1, all Q-values 0 at first, s' = the state after the item was appended;
/// - K = 20, no item twice in a slate; a recommended item is appended as a view;
/// - ties: where no action of a state is known, the best that the state before has left, then the most popular item;
/// - the text: the shortest that reads back as the same number, or, in the trials, one decimal, which lets near histories meet.
/// Texts are kept as their 128-bit hash. Nothing is updated when asked: no reward is known then.
/// </remarks>
public sealed class ApTrlAlgorithm2 : IRecipe
{
    private const int SlateLength = 20;
    private const int Width = 32;
    private const double Rate = .1;
    private static readonly (string Digits, double Discount)[] Settings = [("R", 0), ("R", .9), ("F1", 0), ("F1", .9)];

    /// <inheritdoc/>
    public string Name => "ap-trl-algorithm-2";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } =
        [.. Settings.Select(s => FormattableString.Invariant($"{(s.Digits == "R" ? "all digits" : "one decimal")}, discount {s.Discount}"))];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        var (digits, discount) = Settings[trial];
        var encoder = new ApTrlEncoder(training.Items.Length, Width, positions: false, context.Seed);
        var table = new Dictionary<UInt128, List<(int Action, double Value)>>();
        for (var i = 0; i < training.Sequences.Count; i++)
        {
            if (i % 1_024 == 0)
            {
                context.Cancellation.ThrowIfCancellationRequested();
                context.Progress?.Report((i / (double)training.Sequences.Count, $"{table.Count} states"));
            }

            Learn(training.Sequences[i], table, history => State(encoder, history, digits), discount);
        }

        return new EvidenceRecommender(PopularityFloor.AllTime(training), (history, evidence) =>
        {
            var slate = Slate(history, table, touches => State(encoder, touches, digits));
            for (var rank = 0; rank < slate.Count; rank++)
            {
                evidence[slate[rank]] = 1f - rank / (SlateLength + 1f);
            }
        });
    }

    private static void Learn(
        IndexedTouch[] touches, Dictionary<UInt128, List<(int Action, double Value)>> table, Func<ReadOnlyMemory<IndexedTouch>, UInt128> stateOf, double discount)
    {
        var state = stateOf(touches.AsMemory(0, Math.Min(1, touches.Length)));
        for (var at = 1; at < touches.Length; at++)
        {
            var next = stateOf(touches.AsMemory(0, at + 1));
            if (touches[at] is { Item: >= 0, IsWanted: true })
            {
                var ahead = discount > 0 && table.TryGetValue(next, out var later) ? later.Max(entry => entry.Value) : 0;
                ref var row = ref CollectionsMarshal.GetValueRefOrAddDefault(table, state, out _);
                Update(row ??= [], touches[at].Item, 1 + discount * ahead);
            }

            state = next;
        }
    }

    private static void Update(List<(int Action, double Value)> row, int action, double target)
    {
        var at = row.FindIndex(entry => entry.Action == action);
        if (at < 0)
        {
            row.Add((action, Rate * target));
        }
        else
        {
            row[at] = (action, row[at].Value + Rate * (target - row[at].Value));
        }
    }

    private static List<int> Slate(
        ReadOnlySpan<IndexedTouch> history, Dictionary<UInt128, List<(int Action, double Value)>> table, Func<ReadOnlyMemory<IndexedTouch>, UInt128> stateOf)
    {
        var slate = new List<int>();
        var window = history[Math.Max(0, history.Length - ApTrlEncoder.Window)..].ToArray().ToList();
        var left = new List<int>();
        while (window.Count > 0 && slate.Count < SlateLength)
        {
            if (table.TryGetValue(stateOf(window.ToArray()), out var row))
            {
                left = [.. row.OrderByDescending(entry => entry.Value).Select(entry => entry.Action)
                    .Concat(left).Distinct().Where(action => !slate.Contains(action))];
            }

            if (left.Count == 0)
            {
                break;
            }

            slate.Add(left[0]);
            window.Add(new IndexedTouch(left[0], (byte)InteractionKind.ViewItem, window[^1].Seconds));
            left.RemoveAt(0);
        }

        return slate;
    }

    private static UInt128 State(ApTrlEncoder encoder, ReadOnlyMemory<IndexedTouch> history, string digits)
    {
        var text = string.Join(' ', encoder.Encode(history.Span).Select(number => number.ToString(digits, CultureInfo.InvariantCulture)));
        return XxHash128.HashToUInt128(MemoryMarshal.AsBytes(text.AsSpan()));
    }
}
