namespace AptRl.Model.Recommenders;

/// <summary>A fitted model that has something to tell of itself in numbers, beside how it ranks.</summary>
public interface IFigures
{
    /// <summary>Name to number, in the order of the report; the same names for every seed.</summary>
    IReadOnlyDictionary<string, double> Figures { get; }
}
