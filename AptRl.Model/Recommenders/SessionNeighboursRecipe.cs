using AptRl.Model.Datasets;
using AptRl.Model.Retrieval;

namespace AptRl.Model.Recommenders;

/// <summary>Our own session-kNN with repeats and a second hop: see <see cref="SessionNeighbours"/>.</summary>
public sealed class SessionNeighboursRecipe : IRecipe
{
    private static readonly (string Words, SessionNeighboursOptions Options)[] Settings =
    [
        ("the defaults", new()),
        ("distances twice as long, either way alike", new()
        {
            QueryDistance = 4.4,
            Steps = new NeighbourSteps { QueryDistance = 5, Distance = 5.6, Backward = 1, Reach = 16 },
        }),
        ("old sessions count as new ones", new() { HalfAge = 1e9 }),
        ("what was touched does not come again", new()
        {
            Steps = new NeighbourSteps { Same = 0 },
            Repeats = new RepeatWeights { Last = 0, Habit = 0, Earlier = 0 },
        }),
    ];

    /// <inheritdoc/>
    public string Name => "session-neighbours";

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; } = [.. Settings.Select(setting => setting.Words)];

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        var memory = new SessionMemory(new SessionIndexOptions { SessionsMax = Math.Max(1, training.Sequences.Count) }, new CoVisitationOptions());
        foreach (var touches in training.Sequences)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            memory.Add([.. touches.Select(touch => touch.Item)]);
        }

        return new Recommender(new SessionNeighbours(memory.Sessions, memory.CoVisits, Settings[trial].Options), training.Items.Length);
    }

    private sealed class Recommender(SessionNeighbours neighbours, int items) : SessionRecommender(items)
    {
        protected override void Score(ReadOnlySpan<int> history, long seconds, Span<float> scores)
        {
            foreach (var item in neighbours.Ask(history))
            {
                scores[item] = neighbours[item];
            }
        }
    }
}
