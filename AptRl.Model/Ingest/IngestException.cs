namespace AptRl.Model.Ingest;

/// <summary>A whole file or body cannot be read. A single bad event is a <see cref="Rejected"/> instead.</summary>
public sealed class IngestException : Exception
{
    /// <summary>Says what is wrong, with a stable code and the way out.</summary>
    public IngestException(string code, string message, Exception? inner = null)
        : base(message, inner) => Code = code;

    /// <summary>One of <see cref="IngestFault"/>.</summary>
    public string Code { get; }
}

/// <summary>Why a whole file or body was refused. The texts are stable.</summary>
public static class IngestFault
{
    /// <summary>There is no such file.</summary>
    public const string MissingFile = "missing_file";

    /// <summary>The file is there and may not be read.</summary>
    public const string UnreadableFile = "unreadable_file";

    /// <summary>The file's name does not say its format.</summary>
    public const string UnknownExtension = "unknown_extension";

    /// <summary>A .gz file does not begin as gzip does.</summary>
    public const string NotGzip = "not_gzip";

    /// <summary>A CSV or TSV file has no header, or its header lacks a column.</summary>
    public const string MissingColumn = "missing_column";

    /// <summary>A column mapping is not of the form field=column,field=column.</summary>
    public const string BadMapping = "bad_mapping";

    /// <summary>A line of a data set is not of its format.</summary>
    public const string MalformedLine = "malformed_line";

    /// <summary>A file of a data set ends in the middle.</summary>
    public const string TruncatedFile = "truncated_file";

    /// <summary>A data set is there twice, plain and packed.</summary>
    public const string AmbiguousFile = "ambiguous_file";

    /// <summary>A data set holds too little to learn from or to ask about.</summary>
    public const string TooLittleData = "too_little_data";

    /// <summary>A body's content type is not one of ours.</summary>
    public const string UnsupportedContentType = "unsupported_content_type";

    /// <summary>A body is empty.</summary>
    public const string EmptyBody = "empty_body";

    /// <summary>A body that must be one JSON document is not.</summary>
    public const string MalformedJson = "malformed_json";

    /// <summary>A body holds more events than one batch may.</summary>
    public const string BatchTooLarge = "batch_too_large";

    /// <summary>A reject file is shorter than what a run had recorded of it.</summary>
    public const string RejectFileTooShort = "reject_file_too_short";
}
