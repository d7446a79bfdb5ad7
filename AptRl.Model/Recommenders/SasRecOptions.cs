namespace AptRl.Model.Recommenders;

/// <summary>The shape of a <see cref="SasRecNetwork"/>.</summary>
/// <param name="Width">D.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="Heads">H.</param>
/// <param name="Dropout">Share that training drops, everywhere.</param>
/// <param name="CountsFromNewest">
/// Whether positions count back from the newest touch of the sequence, as in the authors' left-padded batches; otherwise from
/// the first, so that a history looks in training as it does when it is asked about.
/// </param>
internal sealed record SasRecOptions(int Width, int Layers, int Heads, double Dropout, bool CountsFromNewest = false);
