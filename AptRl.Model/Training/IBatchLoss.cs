using AptRl.Model.Events;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>What a network is trained to make small.</summary>
internal interface IBatchLoss
{
    /// <param name="states">[B, T, D], what the network in training made of the batch.</param>
    /// <param name="batch">What is wanted where.</param>
    /// <param name="chance">Draws what has to be drawn; the same for the same batch of the same epoch.</param>
    /// <returns>[], a mean over what is wanted; the caller disposes it.</returns>
    Tensor Of(Tensor states, TrainingBatch batch, Chance chance);
}
