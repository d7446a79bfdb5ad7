using System.Security.Cryptography;

namespace AptRl.Host.Access;

/// <summary>A key as the server knows it: by its hash, so that nothing it keeps or logs lets anybody in.</summary>
/// <param name="Name">What its holder is called in answers.</param>
/// <param name="Hash">SHA-256 of the key. Keys are random, so that a slow hash would add nothing.</param>
/// <param name="Scopes">What it lets its holder do.</param>
internal sealed record ApiKey(string Name, byte[] Hash, Scopes Scopes)
{
    /// <summary>Characters that a key has at least.</summary>
    public const int LengthMin = 16;

    /// <summary>The key's hash.</summary>
    public static byte[] HashOf(string key) => SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(key));

    /// <summary>A key that nobody has had before: 256 random bits.</summary>
    public static string Fresh() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));

    /// <summary>Whether it may do what asks for this scope.</summary>
    public bool May(Scopes scope) => (Scopes & (scope | Scopes.Admin)) != 0;
}
