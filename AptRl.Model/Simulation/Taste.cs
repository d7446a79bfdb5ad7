namespace AptRl.Model.Simulation;

/// <summary>What a shopper likes in the long run.</summary>
/// <param name="Vector">Direction in the latent space, of length 1.</param>
/// <param name="Liked">The categories that it prefers: those of its segment.</param>
/// <param name="Weights">How much each of them counts.</param>
internal sealed record Taste(float[] Vector, int[] Liked, WeightedDraw Weights);
