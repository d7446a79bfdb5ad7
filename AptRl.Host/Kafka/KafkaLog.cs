namespace AptRl.Host.Kafka;

/// <summary>What is logged of Kafka.</summary>
internal static partial class KafkaLog
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka: {Reason}; tried again")]
    public static partial void Troubled(this ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Debug, Message = "{Facility} {Text}")]
    public static partial void Told(this ILogger log, string facility, string text);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kafka did not take a message ({Reason}): tried again until it does")]
    public static partial void NotWritten(this ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "events of a partition that went to another member were still under way after {Seconds} s: that member takes them again")]
    public static partial void StillUnderWay(this ILogger log, double seconds);

    [LoggerMessage(Level = LogLevel.Warning, Message = "offsets were not committed ({Reason}): they are with the next, or the events are read again")]
    public static partial void NotCommitted(this ILogger log, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "the group was not left in order ({Reason})")]
    public static partial void NotLeft(this ILogger log, string reason);
}
