namespace AptRl.Model.Recommenders;

/// <summary>The shape of a <see cref="RecurrentNetwork"/>.</summary>
/// <param name="Width">D.</param>
/// <param name="Layers">Recurrent layers.</param>
/// <param name="HasCell">Whether it is an LSTM; otherwise a GRU.</param>
/// <param name="InputDropout">Share of the numbers of the touched items' vectors that training drops.</param>
/// <param name="StateDropout">Share of the numbers of the states that training drops.</param>
internal sealed record RecurrentOptions(int Width, int Layers, bool HasCell, double InputDropout, double StateDropout);
