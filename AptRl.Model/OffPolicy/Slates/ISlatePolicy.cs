namespace AptRl.Model.OffPolicy.Slates;

/// <summary>A policy that fills a slate from the top, one candidate at a time.</summary>
public interface ISlatePolicy
{
    /// <summary>Its name in reports.</summary>
    string Name { get; }

    /// <summary>Writes the probability of each candidate for the next position.</summary>
    /// <param name="slate">What could be shown; what was shown there must not be read.</param>
    /// <param name="shown">Whether a candidate stands above already.</param>
    /// <param name="probabilities">One number a candidate; together 1, 0 for those above.</param>
    void FillNext(LoggedSlate slate, ReadOnlySpan<bool> shown, Span<double> probabilities);
}
