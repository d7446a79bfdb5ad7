using System.Collections.Immutable;
using System.Globalization;
using System.IO.Hashing;
using System.Runtime.InteropServices;

namespace AptRl.Model.Datasets;

/// <summary>A data set with its protocol: what to learn from, and what is asked afterwards.</summary>
/// <param name="Name">The folder's name.</param>
/// <param name="Training">Goes to the recommenders.</param>
/// <param name="Test">Stays with the judge.</param>
public sealed record NextItemTask(string Name, TrainingPart Training, ImmutableArray<AnsweredQuestion> Test)
{
    /// <summary>A hash of all that is learned from and asked: figures of two runs can be compared where it is the same.</summary>
    public string Fingerprint()
    {
        var hash = new XxHash128();
        foreach (var item in Training.Items)
        {
            Append(item.Value.Length);
            hash.Append(MemoryMarshal.AsBytes(item.Value.AsSpan()));
        }

        foreach (var touches in Training.Sequences)
        {
            AppendAll(touches);
        }

        foreach (var (question, target, cluster, kind) in Test)
        {
            AppendAll(question.History.Span);
            Append(question.Seconds);
            Append(target);
            Append(cluster);
            if (kind != 0)
            {
                // What tells no kinds keeps the hash that it had before kinds were told.
                Append(kind);
            }
        }

        return hash.GetCurrentHashAsUInt128().ToString("x32", CultureInfo.InvariantCulture);

        void AppendAll(ReadOnlySpan<IndexedTouch> touches)
        {
            Append(touches.Length);
            foreach (var touch in touches)
            {
                Append(touch.Item);
                Append(touch.Kind);
                Append(touch.Seconds);
            }
        }

        void Append(long number) => hash.Append(MemoryMarshal.AsBytes(new ReadOnlySpan<long>(in number)));
    }
}
