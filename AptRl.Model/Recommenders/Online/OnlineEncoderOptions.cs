namespace AptRl.Model.Recommenders.Online;

/// <summary>How an encoder is fine-tuned as touches come.</summary>
internal sealed record OnlineEncoderOptions
{
    /// <summary>Step size of Adam, constant.</summary>
    public double LearningRate { get; init; } = .001;

    /// <summary>New touches in a step at most; a longer batch takes several steps.</summary>
    public int TouchesPerStep { get; init; } = 16;

    /// <summary>Older touches with what came before them, drawn evenly from all, that each step goes over again, against forgetting.</summary>
    public int Replayed { get; init; } = 8;

    /// <summary>Share of the loss that is of the new touches.</summary>
    public double NewShare { get; init; } = .5;

    /// <summary>Negatives of a step.</summary>
    public int Negatives { get; init; } = 512;

    /// <summary>How far a new item's first vector lies from its bucket's, towards the state that it was touched in.</summary>
    public double ContextShare { get; init; } = .5;

    /// <summary>Touches that may be replayed, a fair sample of all; 16 bytes each beside the histories.</summary>
    public int ReplayMax { get; init; } = 1 << 17;

    /// <summary>Items with a vector of their own: the first so many that are met; the rest is never recommended.</summary>
    public int ItemsMax { get; init; } = 1 << 20;

    /// <summary>Decides what is drawn.</summary>
    public ulong Seed { get; init; } = 1;
}
