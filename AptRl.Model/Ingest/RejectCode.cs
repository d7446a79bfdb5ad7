namespace AptRl.Model.Ingest;

/// <summary>Why an event was rejected. The texts are stable: alerts and reject files hang on them.</summary>
public static class RejectCode
{
    /// <summary>Not a JSON object.</summary>
    public const string MalformedJson = "malformed_json";

    /// <summary>Not UTF-8.</summary>
    public const string BadEncoding = "bad_encoding";

    /// <summary>A CloudEvent of another version, without id or source, or with data that is not base64 JSON.</summary>
    public const string BadCloudEvent = "bad_cloudevent";

    /// <summary>No type was sent.</summary>
    public const string MissingType = "missing_type";

    /// <summary>The type is not in the vocabulary (<see cref="KindNames"/>).</summary>
    public const string UnknownType = "unknown_type";

    /// <summary>No user was sent.</summary>
    public const string MissingUser = "missing_user";

    /// <summary>No time was sent.</summary>
    public const string MissingTime = "missing_time";

    /// <summary>The time is neither RFC 3339 nor unix time, or lies before 1970.</summary>
    public const string BadTime = "bad_time";

    /// <summary>The time is further ahead of our clock than the tolerance.</summary>
    public const string TimeInFuture = "time_in_future";

    /// <summary>The type means nothing without an item and none was sent.</summary>
    public const string MissingItem = "missing_item";

    /// <summary>More items than one event may name.</summary>
    public const string TooManyItems = "too_many_items";

    /// <summary>An id has more characters than an id may.</summary>
    public const string IdTooLong = "id_too_long";

    /// <summary>An id is not a string or a number, or holds a control character.</summary>
    public const string BadId = "bad_id";

    /// <summary>A value or position is not a finite number of its range.</summary>
    public const string BadValue = "bad_value";

    /// <summary>A row has not as many fields as the header.</summary>
    public const string BadColumnCount = "bad_column_count";

    /// <summary>A row's quotes do not close on the same line.</summary>
    public const string BadQuoting = "bad_quoting";

    /// <summary>A line, or an element of a JSON array, is longer than the bound.</summary>
    public const string LineTooLong = "line_too_long";

    /// <summary>The file ends in the middle; what came before was read.</summary>
    public const string Truncated = "truncated";
}
