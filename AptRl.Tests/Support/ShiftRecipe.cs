using System.Globalization;
using AptRl.Model.Datasets;
using AptRl.Model.Recommenders;

namespace AptRl.Tests.Support;

/// <summary>Says that so many items further comes next, and nothing of any other item; by what it was fitted is written down.</summary>
internal sealed class ShiftRecipe(string name, params int[] shifts) : IRecipe
{
    public List<(int Trial, ulong Seed, int Sequences)> Fits { get; } = [];

    public string Name => name;

    public IReadOnlyList<string> Trials => [.. shifts.Select(shift => string.Create(CultureInfo.InvariantCulture, $"shift {shift}"))];

    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        Fits.Add((trial, context.Seed, training.Sequences.Count));
        context.Progress?.Report((1, "done"));
        return new Shift(training.Items.Length, shifts[trial]);
    }

    private sealed class Shift(int items, int by) : IRecommender
    {
        public void Score(ReadOnlySpan<Question> questions, Span<float> scores)
        {
            scores.Fill(float.NegativeInfinity);
            for (var question = 0; question < questions.Length; question++)
            {
                scores[question * items + (questions[question].History.Span[^1].Item + by) % items] = 1;
            }
        }

        public void Dispose()
        {
        }
    }
}
