using System.Collections.Immutable;

namespace AptRl.Model.Evaluation;

/// <summary>What came of one recommender under one schedule.</summary>
/// <param name="Schedule">When it learned.</param>
/// <param name="Answers">One per question, in the order of time.</param>
/// <param name="PredictMilliseconds">How long each prediction took: scoring all items met so far for one question.</param>
/// <param name="LearnMilliseconds">How long each call took that learned.</param>
public sealed record PrequentialRun(
    LearningSchedule Schedule,
    ImmutableArray<PrequentialAnswer> Answers,
    ImmutableArray<double> PredictMilliseconds,
    ImmutableArray<double> LearnMilliseconds);
