namespace AptRl.Model.Mixing;

/// <summary>How the mix is learned.</summary>
public sealed record MixOptions
{
    /// <summary>Held-out questions learned from at most, evenly spread. Default 50,000: 29 kB each while it is learned.</summary>
    public int QuestionsMax { get; init; } = 50_000;

    /// <summary>Trees. Default 300.</summary>
    public int Trees { get; init; } = 300;

    /// <summary>Leaves of a tree. Default 31.</summary>
    public int Leaves { get; init; } = 31;

    /// <summary>What each tree adds, as a share of what it would. Default 0.06.</summary>
    public double LearningRate { get; init; } = .06;

    /// <summary>Examples in a leaf at least. Default 50.</summary>
    public int ExamplesPerLeafMin { get; init; } = 50;

    /// <summary>Threads of the trainer. Default: as many as there are processors; the trees do not hang on it.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;
}
