namespace AptRl.Model.Exploration;

/// <summary>What a rule of exploration sees at one position of a slate.</summary>
/// <param name="scores">Scores of the candidates that are left, best first; at least one.</param>
/// <param name="left">Their indices among all candidates of the decision.</param>
/// <param name="parameter">The decision's parameter.</param>
/// <param name="orders">Of each draw of the posterior the candidates that it puts first; empty where the rule draws none.</param>
/// <param name="orderLength">Candidates in each of the orders.</param>
public readonly ref struct Stage(ReadOnlySpan<float> scores, ReadOnlySpan<int> left, double parameter, ReadOnlySpan<int> orders, int orderLength)
{
    /// <summary>Scores of the candidates that are left, best first.</summary>
    public ReadOnlySpan<float> Scores { get; } = scores;

    /// <summary>Their indices among all candidates of the decision.</summary>
    public ReadOnlySpan<int> Left { get; } = left;

    /// <summary>The decision's parameter.</summary>
    public double Parameter { get; } = parameter;

    /// <summary>Of each draw of the posterior the candidates that it puts first, one after the other.</summary>
    public ReadOnlySpan<int> Orders { get; } = orders;

    /// <summary>Candidates in each of the orders.</summary>
    public int OrderLength { get; } = orderLength;
}
