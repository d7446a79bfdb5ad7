using AptRl.Model.Events;
using static TorchSharp.torch;

namespace AptRl.Model.Training;

/// <summary>What a network is trained to make small.</summary>
internal interface IBatchLoss
{
    /// <summary>Whether the item rows that it reads are those of the batch, with what <see cref="Draw"/> put into it, and no others.</summary>
    bool ReadsOnlyTheBatch { get; }

    /// <summary>Puts the negatives of a batch into it, before anything is computed.</summary>
    /// <param name="batch">What is wanted.</param>
    /// <param name="chance">Draws them; the same for the same batch of the same epoch.</param>
    void Draw(TrainingBatch batch, Chance chance);

    /// <param name="states">[B, T, D], what the network in training made of the batch.</param>
    /// <param name="batch">What is wanted where.</param>
    /// <param name="chance">Draws what has to be drawn; the same for the same batch of the same epoch.</param>
    /// <returns>[], a mean over what is wanted; the caller disposes it.</returns>
    Tensor Of(Tensor states, TrainingBatch batch, Chance chance);
}
