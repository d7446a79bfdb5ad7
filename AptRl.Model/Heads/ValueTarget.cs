namespace AptRl.Model.Heads;

/// <summary>What a head beside the next item is taught.</summary>
internal enum ValueTarget
{
    /// <summary>The discounted reward, by its own estimate of what comes after (temporal difference).</summary>
    Return,

    /// <summary>How many touches are still to come in the session, in the size of the return: a control without any reward.</summary>
    Count,

    /// <summary>The next item once more: a control with the same weights, loss for loss, and nothing of reinforcement.</summary>
    NextItem,
}
