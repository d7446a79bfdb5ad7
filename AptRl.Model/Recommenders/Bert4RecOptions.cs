namespace AptRl.Model.Recommenders;

/// <summary>The shape of a <see cref="Bert4RecNetwork"/>.</summary>
/// <param name="Width">D.</param>
/// <param name="Layers">Blocks.</param>
/// <param name="Heads">H.</param>
/// <param name="Dropout">Share that training drops, everywhere.</param>
internal sealed record Bert4RecOptions(int Width, int Layers, int Heads, double Dropout);
