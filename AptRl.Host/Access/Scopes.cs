namespace AptRl.Host.Access;

/// <summary>What a key lets its holder do. A route asks for one of these; admin may do everything.</summary>
[Flags]
internal enum Scopes
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Send events, rewards and items.</summary>
    Ingest = 1,

    /// <summary>Ask for slates.</summary>
    Recommend = 2,

    /// <summary>Read and change everything: users, audits, evaluations, the dashboard.</summary>
    Admin = 4,
}

/// <summary>The names of scopes, as key files and answers have them.</summary>
internal static class ScopeNames
{
    public const string Known = "ingest, recommend, admin";

    public static IReadOnlyList<string> Of(Scopes scopes)
        => [.. new[] { Scopes.Ingest, Scopes.Recommend, Scopes.Admin }.Where(scope => scopes.HasFlag(scope)).Select(scope => scope.ToString().ToLowerInvariant())];

    /// <summary>The scope of a name; null where it is none.</summary>
    public static Scopes? Find(string? name) => name switch
    {
        "ingest" => Scopes.Ingest,
        "recommend" => Scopes.Recommend,
        "admin" => Scopes.Admin,
        _ => null,
    };
}
