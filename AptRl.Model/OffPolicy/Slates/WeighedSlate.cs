namespace AptRl.Model.OffPolicy.Slates;

/// <summary>One position of a weighed slate.</summary>
/// <param name="Reward">rₖ.</param>
/// <param name="Weight">w₁:ₖ = Π π(aⱼ | a₁:ⱼ₋₁) / μ(aⱼ | a₁:ⱼ₋₁) over positions down to this one.</param>
/// <param name="PositionWeight">π(aₖ at k) / μ(aₖ at k), whatever stands above.</param>
/// <param name="Predicted">Q̂ₖ(a₁:ₖ): what a model expects of this position and those below it.</param>
/// <param name="Expected">Σₐ π(a | a₁:ₖ₋₁) Q̂ₖ(a₁:ₖ₋₁, a).</param>
public readonly record struct WeighedPlace(double Reward, double Weight, double PositionWeight, double Predicted, double Expected);

/// <summary>A logged slate in the eyes of a target policy: all that an estimator needs of it.</summary>
public sealed class WeighedSlate
{
    /// <summary>Takes the positions, the first first.</summary>
    public WeighedSlate(IReadOnlyList<WeighedPlace> places) => Places = places;

    /// <summary>The positions, the first first.</summary>
    public IReadOnlyList<WeighedPlace> Places { get; }

    /// <summary>Weight of the slate as a whole: that down to the last position.</summary>
    public double Weight => Places[^1].Weight;
}
