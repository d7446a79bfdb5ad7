using System.Collections.Immutable;

namespace AptRl.Model.Learning;

/// <summary>What each kind of reward is worth in a scenario, and how long after a decision it is joined. Changing it keeps what was learned.</summary>
/// <remarks>
/// Sums are kept for each type, so a new weight or discount is in force with the next policy. The unit and the bound of money,
/// and the times, shape what is joined from then on; <c>aptrl replay --rewards</c> joins the log anew.
/// </remarks>
public sealed record RewardTable
{
    /// <summary>Types that have a weight of their own; what came next in the session has the discount.</summary>
    public const int Weighted = (int)RewardType.Next;

    private const int WithoutValue = (int)RewardType.Value;

    /// <summary>The shop's name of the table. Default <c>default</c>.</summary>
    public string Name { get; init; } = "default";

    /// <summary>Its version, for whoever compares what was learned under which. Default 1.</summary>
    public int Version { get; init; } = 1;

    /// <summary>What 1 of each type is worth, by <see cref="RewardType"/>; the last, money, may be left out and is then worth nothing.</summary>
    /// <remarks>Default: click 0.2, cart 0.5, purchase 1.0 (Xin et al. 2020 use 0.2 and 1.0), dismiss -0.5, leave -0.2, value 0.</remarks>
    public ImmutableArray<double> Weights { get; init; } = [0.2, 0.5, 1.0, -0.5, -0.2, 0];

    /// <summary>Money that counts 1 as <see cref="RewardType.Value"/>. Default 100.</summary>
    public double ValueUnit { get; init; } = 100;

    /// <summary>What a purchase counts at most as <see cref="RewardType.Value"/>, in (0, 8]: one rich customer must not outweigh a thousand. Default 5.</summary>
    public double ValueMax { get; init; } = 5;

    /// <summary>γ in [0, 1): what the value of the next slate of the session is worth now. Default 0: only what was earned at once counts.</summary>
    public double Discount { get; init; }

    /// <summary>A click is joined at most this long after its decision; null takes the timeline's (<see cref="Windows.WindowOptions.ClickAttribution"/>).</summary>
    public TimeSpan? ClickAttribution { get; init; }

    /// <summary>A cart, purchase or refund is joined at most this long after its decision; null takes the timeline's.</summary>
    public TimeSpan? PurchaseAttribution { get; init; }

    /// <summary>What 1 of a type is worth.</summary>
    public double WorthOf(RewardType type)
        => type is RewardType.Next ? Discount : (int)type < Weights.Length ? Weights[(int)type] : 0;

    /// <summary>The amount of a purchase's money, in units of 1/<see cref="FeatureVector.One"/>; 0 where nothing was paid.</summary>
    public int AmountOf(double money) => money > 0 ? (int)Math.Round(Math.Min(money / ValueUnit, ValueMax) * FeatureVector.One) : 0;

    /// <summary>This table, if it makes sense.</summary>
    /// <exception cref="ArgumentException">It does not; the text says why.</exception>
    public RewardTable Checked()
    {
        var fault = Weights.Length is < WithoutValue or > Weighted || !Weights.All(double.IsFinite)
            ? $"{Weights.Length} weights, {WithoutValue} or {Weighted} finite ones are needed: one for each of {string.Join(", ", Enum.GetNames<RewardType>().Take(Weighted))}"
            : string.IsNullOrWhiteSpace(Name) ? "no name: give it one"
            : ValueUnit is not (> 0 and < double.PositiveInfinity) ? $"value unit {ValueUnit}: it must be above 0"
            : ValueMax is not (> 0 and <= 8) ? $"value at most {ValueMax}: it must be in (0, 8]"
            : Discount is not (>= 0 and < 1) ? $"discount {Discount}: it must be in [0, 1)"
            : ClickAttribution <= TimeSpan.Zero || PurchaseAttribution <= TimeSpan.Zero ? "a time of attribution that is not above 0"
            : null;
        return fault is null ? this : throw new ArgumentException($"reward table '{Name}' has {fault}");
    }
}
