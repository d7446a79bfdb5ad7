using AptRl.Model.Datasets;
using AptRl.Model.Events;

namespace AptRl.Model.Recommenders;

/// <summary>A fitted model that says what kind of touch comes next.</summary>
public interface IKindPredictor
{
    /// <summary>The probability of each kind, by its number (<see cref="InteractionKind"/>), for each question.</summary>
    /// <param name="questions">B questions.</param>
    /// <param name="probabilities">[B, <see cref="KindCount"/>], row-major; each row adds up to 1.</param>
    void PredictKinds(ReadOnlySpan<Question> questions, Span<float> probabilities);

    /// <summary>Numbers that a kind may have.</summary>
    static int KindCount => Encoding.Token.Kinds;
}
