using static TorchSharp.torch;

namespace AptRl.Model.Encoding;

/// <summary>Some rows of a network's item tables.</summary>
/// <param name="Vectors">[P, D]</param>
/// <param name="Biases">[P]; null where the network has none.</param>
internal sealed record ItemRows(Tensor Vectors, Tensor? Biases);
