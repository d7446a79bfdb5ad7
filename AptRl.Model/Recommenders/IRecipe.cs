using AptRl.Model.Datasets;

namespace AptRl.Model.Recommenders;

/// <summary>One algorithm, with what it is fitted by.</summary>
/// <remarks>One file each. A recipe sees the training part alone; what it must choose by, it cuts from there (<see cref="TrainingPart.HoldOut"/>).</remarks>
public interface IRecipe
{
    /// <summary>What <c>--models</c> calls it: lower case with hyphens.</summary>
    string Name { get; }

    /// <summary>Settings to choose from by validation, in words for the report; the first is used when nothing is tuned.</summary>
    IReadOnlyList<string> Trials { get; }

    /// <summary>Fits under one of the <see cref="Trials"/>.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    IRecommender Fit(TrainingPart training, int trial, FitContext context);
}
