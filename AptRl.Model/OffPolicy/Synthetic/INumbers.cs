using AptRl.Model.Events;

namespace AptRl.Model.OffPolicy.Synthetic;

/// <summary>What a synthetic world is drawn from.</summary>
internal interface INumbers
{
    /// <summary>Uniform in [0, 1).</summary>
    double Uniform();

    /// <summary>Standard normal.</summary>
    double Normal();

    /// <summary>True with this probability.</summary>
    bool Happens(double probability);
}

/// <summary>Numbers of our own <see cref="Chance"/>.</summary>
internal sealed class ChanceNumbers(Chance chance) : INumbers
{
    private Chance _chance = chance;

    public double Uniform() => _chance.NextDouble();

    public double Normal() => _chance.NextNormal();

    public bool Happens(double probability) => _chance.NextDouble() < probability;
}
