using System.Globalization;
using System.Text.Json.Nodes;
using AptRl.Model.Versions;

namespace AptRl.Host.Versions;

/// <summary>The versions of a data folder for machines, the same on the command line and over HTTP.</summary>
internal static class VersionsJson
{
    public static JsonObject Of(EncoderVersions versions) => new()
    {
        ["active"] = versions.Active,
        ["versions"] = new JsonArray([.. versions.Versions.Select(version => new JsonObject
        {
            ["id"] = version.Id,
            ["state"] = StateOf(versions, version),
            ["addedAt"] = Text(version.AddedAt),
            ["from"] = version.From,
        })]),
        ["history"] = new JsonArray([.. versions.History.Select(promotion => new JsonObject
        {
            ["id"] = promotion.Id, ["at"] = Text(promotion.At), ["kind"] = promotion.IsRollback ? "rollback" : "promotion",
        })]),
    };

    /// <summary><c>active</c>, <c>former</c> for one that a rollback returns to, or <c>shadow</c>.</summary>
    public static string StateOf(EncoderVersions versions, EncoderVersion version)
        => version.Id == versions.Active ? "active" : versions.Former.Contains(version.Id) ? "former" : "shadow";

    public static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ssK", CultureInfo.InvariantCulture);
}
