namespace AptRl.Model.Datasets;

/// <summary>What a data folder holds, and by which protocol it is asked about.</summary>
public enum DataFormat
{
    /// <summary><c>train_sessions.txt</c>, a session of item ids a line in time order, and <c>test_pairs.tsv</c>, prefix TAB target.</summary>
    Sessions,

    /// <summary><c>sequences.txt</c>, a user a line: <c>user item item …</c>; the last item is asked for (leave-one-out).</summary>
    Sequences,

    /// <summary><c>events.tsv</c> or <c>events.csv</c> with a header; what comes after one moment is asked for.</summary>
    Events,
}
