using AptRl.Model.Policies;
using AptRl.Model.Simulation;

namespace AptRl.Host.Simulate;

/// <summary>What a simulation runs.</summary>
/// <param name="Policies">Who serves.</param>
/// <param name="FirstSeed">The first shop.</param>
/// <param name="Seeds">How many shops, each with the next seed.</param>
/// <param name="Shop">The shop, but for its seed.</param>
/// <param name="Run">How long each serves.</param>
/// <param name="RefitEvery">Page views between two fits of what is fitted in batches.</param>
/// <param name="Diversity">Bounds that our learner's slates are drawn under.</param>
/// <param name="Fit">Real sessions that shops are fitted to; null where they are drawn.</param>
/// <param name="FitName">What they are called.</param>
/// <param name="RunsFolder">Where each run's result is kept as it ends; null for nowhere.</param>
/// <param name="Resume">Whether results that are there are taken as they are.</param>
/// <param name="Parallel">Runs at the same time.</param>
internal sealed record SimulationOptions(
    IReadOnlyList<SimulationPolicy> Policies, ulong FirstSeed, int Seeds, ShopOptions Shop, ShopRunOptions Run, int RefitEvery,
    DiversityOptions Diversity, ShopFit? Fit, string? FitName, string? RunsFolder, bool Resume, int Parallel);
