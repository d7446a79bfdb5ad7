using AptRl.Model.Encoding;
using AptRl.Model.Policies;
using AptRl.Model.Simulation;

namespace AptRl.Host.Simulate;

/// <summary>What a policy of a simulation is opened with.</summary>
/// <param name="Shop">The shop that it will serve.</param>
/// <param name="Seed">Decides its draws and weights.</param>
/// <param name="EncoderPath">Weights of the shop's encoder; empty for one that needs none.</param>
/// <param name="Encoder">The same, loaded; null for one that needs none.</param>
/// <param name="RefitEvery">Page views between two fits of what is fitted in batches.</param>
/// <param name="Diversity">Bounds that our learner's slates are drawn under.</param>
/// <param name="Cancellation">Stops a fit.</param>
internal sealed record Opening(
    SimulatedShop Shop, ulong Seed, string EncoderPath, EncoderModel? Encoder, int RefitEvery, DiversityOptions Diversity, CancellationToken Cancellation);

/// <summary>Somebody who can serve a simulated shop, under the name that the report has.</summary>
/// <param name="Name">In <c>--policies</c>, the table and the JSON.</param>
/// <param name="Words">What it is, in a few words.</param>
/// <param name="NeedsEncoder">Whether an encoder is fitted to the shop's history first.</param>
/// <param name="Open">Makes the shopkeeper of one run.</param>
internal sealed record SimulationPolicy(string Name, string Words, bool NeedsEncoder, Func<Opening, IShopkeeper> Open);
