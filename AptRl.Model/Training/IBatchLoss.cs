using AptRl.Model.Events;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>What a network is trained to make small.</summary>
internal interface IBatchLoss
{
    /// <summary>Whether it needs rows of the item table that are neither in the batch nor among the negatives.</summary>
    bool ScoresAll { get; }

    /// <summary>Draws what is not wanted beside these targets.</summary>
    /// <param name="targets">[M] rows.</param>
    /// <param name="chance">Draws.</param>
    /// <returns>Rows, and what is taken off their scores; nothing where all rows are scored.</returns>
    (long[] Rows, float[] Corrections) Draw(long[] targets, Chance chance);

    /// <param name="states">[B, T, D], what the network in training made of the batch.</param>
    /// <param name="batch">What is wanted where.</param>
    /// <param name="negatives">Of <see cref="Draw"/>.</param>
    /// <param name="chance">Draws what else has to be drawn; the same for the same batch of the same epoch.</param>
    /// <returns>[], a mean over what is wanted; the caller disposes it.</returns>
    Tensor Of(Tensor states, TrainingBatch batch, (long[] Rows, float[] Corrections) negatives, Chance chance);
}
