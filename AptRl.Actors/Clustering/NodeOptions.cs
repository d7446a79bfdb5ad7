using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography.X509Certificates;

namespace AptRl.Actors.Clustering;

/// <summary>This process as one node of several.</summary>
/// <remarks>Nodes trust each other. Without a <see cref="Certificate"/> they speak unencrypted, and their port belongs into a network of their own.</remarks>
public sealed record NodeOptions
{
    /// <summary>Port where none is named.</summary>
    public const int DefaultPort = 4053;

    /// <summary>Name or address by which the other nodes reach this one, and at which it listens for them. Default 127.0.0.1.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Port at which it listens for the other nodes; 0 takes a free one. Default 4053.</summary>
    public int Port { get; init; } = DefaultPort;

    /// <summary>
    /// Nodes that are asked for the way in, as <c>HOST:PORT</c>, in the same order at every node. A node that is the first of
    /// them begins a cluster where no other answers. Default none: this node begins one.
    /// </summary>
    public ImmutableArray<string> Seeds { get; init; } = [];

    /// <summary>What it does: some of <see cref="NodeRoles.All"/>. Default all.</summary>
    public ImmutableArray<string> Roles { get; init; } = [.. NodeRoles.All];

    /// <summary>
    /// A certificate with its private key, the same at all nodes: what they say to each other is encrypted, and who does not have it is
    /// not let in. It may be self-signed; neither its name nor its dates are looked at. Default null: unencrypted, and open to who reaches
    /// the port.
    /// </summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Calls of this node's callers that may wait for an answer; a further one is Busy. Default 1,000.</summary>
    public int InFlightMax { get; init; } = 1_000;

    /// <summary>
    /// For how long a node may hear nothing new of a policy's writer before it calls its policy stale: it goes on deciding by it,
    /// tells so in its metrics and its health, and each decision tells the age. Default 10 s.
    /// </summary>
    public TimeSpan PolicyAgeMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Bytes of a journal entry that a writer tells the other nodes; they read a longer one from the journal. Default 65,536.</summary>
    public int EntryBytesMax { get; init; } = 65_536;

    /// <summary>Whether it has a role.</summary>
    public bool Is(string role) => Roles.Contains(role, StringComparer.Ordinal);

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">They do not; the text says which and why.</exception>
    public NodeOptions Checked()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(Host);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(InFlightMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(EntryBytesMax);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(PolicyAgeMax, TimeSpan.Zero);
        if (Certificate is { HasPrivateKey: false })
        {
            throw new ArgumentException($"the certificate '{Certificate.Subject}' has no private key, which every node needs: give one that has");
        }

        if (Port is < 0 or > ushort.MaxValue)
        {
            throw new ArgumentException($"port {Port} is not in 0 to {ushort.MaxValue}");
        }

        if (Roles.Length == 0 || Roles.FirstOrDefault(role => !NodeRoles.All.Contains(role)) is not null)
        {
            throw new ArgumentException($"roles '{string.Join(",", Roles)}': give one or more of {string.Join(", ", NodeRoles.All)}");
        }

        foreach (var seed in Seeds)
        {
            SeedOf(seed);
        }

        return this;
    }

    /// <summary>Host and port of a seed.</summary>
    /// <exception cref="ArgumentException">It is not written like one.</exception>
    public static (string Host, int Port) SeedOf(string seed)
    {
        var colon = seed.LastIndexOf(':');
        return colon > 0 && ushort.TryParse(seed.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port > 0
            ? (seed[..colon], port)
            : throw new ArgumentException($"seed '{seed}' is not written like HOST:PORT, such as 10.0.0.1:{DefaultPort}");
    }
}
