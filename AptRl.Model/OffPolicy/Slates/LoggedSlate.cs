using AptRl.Model.Events;
using AptRl.Model.Policies;

namespace AptRl.Model.OffPolicy.Slates;

/// <summary>One position of a logged slate.</summary>
/// <param name="Candidate">Which candidate stood there.</param>
/// <param name="Propensity">Probability, in (0, 1], with which it was drawn there, given those above it.</param>
/// <param name="Reward">What it earned there.</param>
public readonly record struct LoggedPlace(int Candidate, double Propensity, double Reward);

/// <summary>A slate as it was logged: what could have been shown, what was, how likely that was, what it earned.</summary>
public sealed class LoggedSlate
{
    /// <summary>Takes a slate.</summary>
    /// <param name="cluster">Whose slate it is: slates of one cluster are resampled together.</param>
    /// <param name="context">What was known before the choice.</param>
    /// <param name="candidates">A description of each candidate, all of one width.</param>
    /// <param name="scores">The logging policy's value of each candidate, best first.</param>
    /// <param name="gamma">The exploration parameter that was in force.</param>
    /// <param name="popularity">Touches of each candidate in the week before; empty where that is not known.</param>
    /// <param name="places">What was shown, first position first.</param>
    /// <exception cref="ArgumentException">Nothing was shown, a candidate stands twice or is none, or a propensity is not in (0, 1].</exception>
    public LoggedSlate(
        int cluster, float[] context, float[][] candidates, float[] scores, double gamma, int[] popularity, LoggedPlace[] places)
    {
        if (places.Length == 0 || places.Select(place => place.Candidate).Distinct().Count() < places.Length
            || places.Any(place => place.Candidate < 0 || place.Candidate >= candidates.Length))
        {
            throw new ArgumentException($"a slate of {places.Length} positions does not show each of its {candidates.Length} candidates once at most, or shows none", nameof(places));
        }

        foreach (var place in places)
        {
            if (place.Propensity is not (> 0 and <= 1) || !double.IsFinite(place.Reward))
            {
                throw new ArgumentException($"propensity {place.Propensity} is not in (0, 1], or reward {place.Reward} is not a number", nameof(places));
            }
        }

        (Cluster, Context, Candidates, Scores, Gamma, Popularity, Places) = (cluster, context, candidates, scores, gamma, popularity, places);
    }

    /// <summary>Whose slate it is.</summary>
    public int Cluster { get; }

    /// <summary>What was known before the choice.</summary>
    public IReadOnlyList<float> Context { get; }

    /// <summary>A description of each candidate.</summary>
    public IReadOnlyList<float[]> Candidates { get; }

    /// <summary>The logging policy's value of each candidate, best first.</summary>
    public IReadOnlyList<float> Scores { get; }

    /// <summary>The exploration parameter that was in force.</summary>
    public double Gamma { get; }

    /// <summary>Touches of each candidate in the week before; empty where that is not known.</summary>
    public IReadOnlyList<int> Popularity { get; }

    /// <summary>What was shown, first position first.</summary>
    public IReadOnlyList<LoggedPlace> Places { get; }

    /// <summary>The decision that it is of; null where the log has none.</summary>
    public DecisionId? Decision { get; init; }

    /// <summary>Category of each candidate from 1, 0 for none, where categories were bounded; else empty.</summary>
    public IReadOnlyList<int> Groups { get; init; } = [];

    /// <summary>Items of one category that a slate may have at most; 0 where they were not bounded.</summary>
    public int GroupMax { get; init; }

    /// <summary>Marks which candidates may stand next, under the bound that the slate was drawn under: any policy over it is judged under the same.</summary>
    /// <param name="shown">Whether a candidate stands above.</param>
    /// <param name="allowed">Whether it may come next.</param>
    public void FillAllowed(ReadOnlySpan<bool> shown, Span<bool> allowed) => new GroupBound([.. Groups], GroupMax).Fill(shown, allowed);

    /// <summary>Numbers in a row of a reward model.</summary>
    public int FeatureWidth => Context.Count + 2 * Candidates[0].Length;

    /// <summary>The same slate as if the page had ended earlier.</summary>
    /// <param name="positions">Positions to keep, at least 1.</param>
    public LoggedSlate Cut(int positions)
        => positions >= Places.Count ? this
            : new LoggedSlate(Cluster, [.. Context], [.. Candidates], [.. Scores], Gamma, [.. Popularity], [.. Places.Take(positions)]) { Decision = Decision, Groups = Groups, GroupMax = GroupMax };

    /// <summary>Writes the row of a candidate: context, the candidate, the one that stands above the position.</summary>
    /// <param name="position">Where it would stand, from 0.</param>
    /// <param name="candidate">Which.</param>
    /// <param name="features"><see cref="FeatureWidth"/> numbers.</param>
    public void Describe(int position, int candidate, Span<float> features)
    {
        for (var i = 0; i < Context.Count; i++)
        {
            features[i] = Context[i];
        }

        var width = Candidates[0].Length;
        var described = features[Context.Count..];
        Candidates[candidate].CopyTo(described);
        if (position > 0)
        {
            Candidates[Places[position - 1].Candidate].CopyTo(described[width..]);
        }
        else
        {
            described[width..].Clear();
        }
    }
}
