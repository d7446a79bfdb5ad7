using System.Text.Json.Serialization;

namespace AptRl.Model.Encoding;

/// <summary>The shape of an encoder. It is saved with the weights: an encoder cannot be loaded under another shape.</summary>
/// <remarks>
/// What is left out of a card has its default. So the options from <see cref="Block"/> on are not written while they have theirs:
/// encoders keep the versions that they had before these options came. docs/algorithms/encoder.md says what each is worth.
/// </remarks>
public sealed record EncoderOptions
{
    /// <summary>D, numbers in a state and in an item's vector. Default 32, 4 to 1,024, a multiple of <see cref="Heads"/>.</summary>
    public int Width { get; init; } = 32;

    /// <summary>H, attention heads. Default 2, at least 1.</summary>
    public int Heads { get; init; } = 2;

    /// <summary>Attention blocks. Default 2, 1 to 16.</summary>
    public int Layers { get; init; } = 2;

    /// <summary>T, touches that a state depends on, the newest ones. Default 20 (AP-TRL's window), 1 to 512.</summary>
    public int Window { get; init; } = 20;

    /// <summary>Vectors shared by the items that training never saw, by the hash of their name. Default 1,024, 1 to 1,048,576.</summary>
    public int HashBuckets { get; init; } = 1_024;

    /// <summary>Share of each block's output that training drops. Default 0.2, in [0, 1).</summary>
    public double Dropout { get; init; } = .2;

    /// <summary>Share of the numbers of the touches themselves that training drops. Default 0.2, in [0, 1).</summary>
    public double InputDropout { get; init; } = .2;

    /// <summary>What a cosine between state and item is divided by in the softmax. Default 0.07, in (0, 1].</summary>
    /// <remarks>State and items have length 1, as in NISER (Gupta et al. 2019, arXiv:1909.04276): popular items gain nothing by long vectors.</remarks>
    public double Temperature { get; init; } = .07;

    /// <summary>What a layer is. Default gated.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public BlockKind Block { get; init; }

    /// <summary>How the order of touches is known. Default relative.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PositionKind Positions { get; init; }

    /// <summary>What a state is made of. Default the newest position.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public PoolingKind Pooling { get; init; }

    /// <summary>
    /// Whether the score is state · item, with states of length about 1 (norm(x)/√D) and items of any length, instead of
    /// the cosine over the temperature. Default false.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool DotProduct { get; init; }

    /// <summary>Whether the times between touches are left out. Default false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WithoutTimes { get; init; }

    /// <summary>Whether the kinds of touches are left out; then a start token differs from a search only by its place. Default false.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool WithoutKinds { get; init; }

    /// <summary>
    /// Whether every layer sees the whole window. Default false: the window is shared out over the layers, so that a state
    /// in training hangs on no more than at serving.
    /// </summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool FullLookBack { get; init; }

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">A number is out of its range.</exception>
    public EncoderOptions Checked()
    {
        InRange(Width, 4, 1_024, nameof(Width));
        InRange(Heads, 1, Width, nameof(Heads));
        InRange(Layers, 1, 16, nameof(Layers));
        InRange(Window, 1, 512, nameof(Window));
        InRange(HashBuckets, 1, 1 << 20, nameof(HashBuckets));
        if (Width % Heads != 0)
        {
            throw new ArgumentException($"Width {Width} does not split into {Heads} heads: make it a multiple of Heads");
        }

        if (Dropout is not (>= 0 and < 1) || InputDropout is not (>= 0 and < 1))
        {
            throw new ArgumentException($"Dropout {Dropout} or InputDropout {InputDropout} is not in [0, 1)");
        }

        if (!Enum.IsDefined(Block) || !Enum.IsDefined(Positions) || !Enum.IsDefined(Pooling))
        {
            throw new ArgumentException($"Block {Block}, Positions {Positions} or Pooling {Pooling} is none that this program knows");
        }

        return Temperature is > 0 and <= 1
            ? this
            : throw new ArgumentException($"Temperature {Temperature} is not in (0, 1]");
    }

    private static void InRange(int value, int min, int max, string name)
    {
        if (value < min || value > max)
        {
            throw new ArgumentException($"{name} {value} is not in {min} to {max}");
        }
    }
}
