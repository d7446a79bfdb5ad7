using AptRl.Model.Events;
using AptRl.Model.Native;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace AptRl.Model.Encoding;

/// <summary>A network that reads sequences of touches and scores every item as the next one, trained by one loop.</summary>
/// <remarks>The score of an item is state · item vector / <see cref="Temperature"/>, plus the item's bias where there is one.</remarks>
internal abstract class SequenceNetwork(string name, int window) : nn.Module<SequenceBatch, Tensor>(name)
{
    static SequenceNetwork() => TorchRuntime.EnsureLoaded();

    /// <summary>T, the newest touches that a state is made of.</summary>
    internal int Window => window;

    /// <summary>Draws what dropout drops; null in inference.</summary>
    internal Generator? DropoutGenerator { get; set; }

    /// <summary>What products of state and item are divided by.</summary>
    internal virtual double Temperature => 1;

    /// <summary>The item table: [rows, D], input and output (tied).</summary>
    internal abstract Parameter ItemTable { get; }

    /// <summary>What is added to the score of each row: [rows]; null for nothing.</summary>
    internal virtual Parameter? ItemBiasTable => null;

    /// <summary>In training, the rows that a step needs, in place of the whole tables: what is called a row then is a place among them.</summary>
    internal virtual ItemRows? Page { get; set; }

    /// <summary>Vectors of items as scores use them: [rows, D], of these rows or of all.</summary>
    internal virtual Tensor ItemVectors(Tensor? rows) => rows is null ? ItemTable : Vectors(rows);

    /// <summary>What is added to the scores of these rows, or of all: [rows]; null for nothing.</summary>
    internal Tensor? ItemBias(Tensor? rows)
        => ItemBiasTable is not { } biases ? null : rows is null ? biases : (Page?.Biases ?? biases).index_select(0, rows);

    /// <summary>The states of whole windows, side by side: [B · D] numbers.</summary>
    /// <remarks>Always padded to the full window: with one shape per user, the library takes one path for every user.</remarks>
    internal float[] Newest(ReadOnlySpan<Token[]> windows)
    {
        using var inference = inference_mode();
        using var scope = NewDisposeScope();
        var batch = new SequenceBatch(windows.Length, window);
        for (var i = 0; i < windows.Length; i++)
        {
            batch.Set(i, windows[i]);
        }

        return forward(batch).select(1, window - 1).contiguous().data<float>().ToArray();
    }

    /// <summary>What stands in the item table: [shape of the rows, D].</summary>
    protected Tensor Vectors(Tensor rows)
        => (Page?.Vectors ?? ItemTable).index_select(0, rows.reshape(-1)).view([.. rows.shape, ItemTable.shape[1]]);

    /// <summary>In training, leaves a share out and scales the rest up; elsewhere nothing happens.</summary>
    protected Tensor Dropped(Tensor input, double share)
        => training && share > 0 && DropoutGenerator is { } generator
            ? input.mul(rand(input.shape, generator: generator).IsAtLeast(share).to(float32).Times(1 / (1 - share)))
            : input;

    /// <summary>Draws fresh weights, normal; the same chance draws the same ones in every process. What has no spread stays as it was made.</summary>
    /// <remarks>Our own generator, because torch's belongs to the whole process: whoever draws beside us would change our weights.</remarks>
    protected void Draw(Chance chance)
    {
        using var scope = NewDisposeScope();
        using var untracked = no_grad();
        foreach (var (weightName, weight) in named_parameters())
        {
            var spread = Spread(weightName, weight.shape);
            if (spread == 0)
            {
                continue;
            }

            var stream = chance.Split(weightName);
            var numbers = new float[weight.numel()];
            for (var i = 0; i < numbers.Length; i++)
            {
                numbers[i] = (float)(spread * stream.NextNormal());
            }

            weight.copy_(tensor(numbers, weight.shape));
        }
    }

    /// <summary>The standard deviation of fresh weights.</summary>
    protected virtual double Spread(string weightName, long[] shape)
        => weightName.EndsWith("_embedding.weight", StringComparison.Ordinal) ? 1 / Math.Sqrt(shape[1])
            : weightName.EndsWith("_bias.weight", StringComparison.Ordinal) ? .02
            : weightName.EndsWith(".weight", StringComparison.Ordinal) && shape.Length == 2 ? 1 / Math.Sqrt(shape[0])
            : 0;
}
