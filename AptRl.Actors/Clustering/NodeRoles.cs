namespace AptRl.Actors.Clustering;

/// <summary>What a node of a cluster does. One node may do all of it.</summary>
public static class NodeRoles
{
    /// <summary>Is asked from outside. Every node can be; one with this role alone holds no users.</summary>
    public const string Api = "api";

    /// <summary>Holds users, and decides for them by its own encoder, policies and catalogue.</summary>
    public const string Users = "users";

    /// <summary>May hold the writers: one for each scenario's policy, one for the catalogue.</summary>
    public const string Agents = "agents";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Api, Users, Agents];
}
