namespace AptRl.Model.Evaluation;

/// <summary>When a recommender learns what it was asked about.</summary>
public enum LearningSchedule
{
    /// <summary>Never: it stays as it was fitted.</summary>
    Frozen,

    /// <summary>All touches of a day (UTC) at once, when it is over.</summary>
    Daily,

    /// <summary>All touches of an hour at once, when it is over.</summary>
    Hourly,

    /// <summary>Each touch by itself, right after it.</summary>
    PerEvent,
}
