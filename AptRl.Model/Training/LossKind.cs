namespace AptRl.Model.Training;

/// <summary>What a network is trained to make large and small.</summary>
public enum LossKind
{
    /// <summary>Cross-entropy of the next item among all items, or among shared negatives with the logQ correction.</summary>
    Softmax,

    /// <summary>One binary cross-entropy for the next item, one for a negative drawn evenly: SASRec's own (Kang and McAuley 2018, eq. 7).</summary>
    Binary,

    /// <summary>
    /// Binary cross-entropy against shared negatives, the next item's probability raised to a power that undoes the
    /// overconfidence of sampling: gBCE with t = 0.75 (Petrov and Macdonald 2023, arXiv:2308.07192, eq. 9).
    /// </summary>
    GeneralizedBinary,
}
