namespace AptRl.Model.Learning;

/// <summary>What learns a scenario's policy.</summary>
public enum LearnerKind
{
    /// <summary>Ridge regression on fixed features: <see cref="RidgeLearner"/>.</summary>
    Ridge = 0,

    /// <summary>A policy by its gradient, beside the regression: <see cref="ActorCriticLearner"/>.</summary>
    ActorCritic = 1,

    /// <summary>A small deep Q-network, beside the regression: <see cref="DeepQLearner"/>.</summary>
    DeepQ = 2,
}

/// <summary>Makes a better policy of what came of decisions. Pure: the same lessons between the same publications give the same bits.</summary>
/// <remarks>
/// Lessons come in any order between two publications, and the order must not matter: what a lesson adds is rounded to an
/// integer before it is summed. Only <see cref="Publish"/> may do what depends on order, as a step along a gradient does.
/// </remarks>
public interface ILearner
{
    /// <summary>Which one it is.</summary>
    LearnerKind Kind { get; }

    /// <summary>Takes what a lesson says of items shown and of rewards.</summary>
    void Learn(Lesson lesson);

    /// <summary>Closes what was taken since the last time: the next policy is made of it.</summary>
    void Publish();
}
