using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace AptRl.Host.Http.Contracts;

/// <summary>The JSON of the HTTP interface, generated at build time: no reflection while serving.</summary>
/// <remarks>
/// Members that a request does not know are refused: a misspelt <c>exclude</c> would otherwise show what must not be
/// shown. Events are the exception, read by their own parser, because shops send their logs as they are.
/// </remarks>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    AllowDuplicateProperties = false,
    Converters = [typeof(Rfc3339Converter)])]
[JsonSerializable(typeof(EventsAnswer))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(RecommendBody))]
[JsonSerializable(typeof(RankBody))]
[JsonSerializable(typeof(RecommendAnswer))]
[JsonSerializable(typeof(RecommendationAudit))]
[JsonSerializable(typeof(RewardBody))]
[JsonSerializable(typeof(EventResult))]
[JsonSerializable(typeof(ItemsBody))]
[JsonSerializable(typeof(ItemBody))]
[JsonSerializable(typeof(ItemsAnswer))]
[JsonSerializable(typeof(UserAnswer))]
[JsonSerializable(typeof(WindowAnswer))]
[JsonSerializable(typeof(UserSegmentAnswer))]
[JsonSerializable(typeof(ExportLine))]
[JsonSerializable(typeof(ScenariosAnswer))]
[JsonSerializable(typeof(EvaluationAnswer))]
[JsonSerializable(typeof(VersionsAnswer))]
[JsonSerializable(typeof(AboutAnswer))]
[JsonSerializable(typeof(LearningAnswer))]
[JsonSerializable(typeof(PipelineAnswer))]
[JsonSerializable(typeof(ClusterAnswer))]
[JsonSerializable(typeof(UserSearchAnswer))]
[JsonSerializable(typeof(ItemSearchAnswer))]
[JsonSerializable(typeof(RecentAnswer))]
[JsonSerializable(typeof(OriginAnswer))]
[JsonSerializable(typeof(TimeTravelAnswer))]
[JsonSerializable(typeof(HealthAnswer))]
[JsonSerializable(typeof(Problem))]
internal sealed partial class WireJson : JsonSerializerContext
{
    /// <summary>What the server reads and writes with: quotes and letters outside ASCII stay readable, since no answer is HTML.</summary>
    public static WireJson Web => Relaxed.Instance;

    // Apart, because the order of static members over two files, ours and the generated one, is not defined.
    private static class Relaxed
    {
        internal static readonly WireJson Instance =
            new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
    }
}
