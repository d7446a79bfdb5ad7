using System.Collections.Immutable;

namespace AptRl.Model.Datasets;

/// <summary>A data set with its protocol: what to learn from, and what is asked afterwards.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Training">Goes to the recommenders.</param>
/// <param name="Test">Stays with the judge.</param>
public sealed record NextItemTask(string Name, TrainingPart Training, ImmutableArray<AnsweredQuestion> Test);
