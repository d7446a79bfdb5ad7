using System.Security.Cryptography;
using AptRl.Host.Configuration;

namespace AptRl.Host.Access;

/// <summary>The keys that callers may send.</summary>
internal sealed class ApiKeys
{
    private readonly IReadOnlyList<ApiKey> _keys;

    public ApiKeys(ServeOptions options)
        => _keys =
        [
            .. options.ApiKey is { } key ? new[] { new ApiKey("api-key", ApiKey.HashOf(key), Scopes.Admin) } : [],
            .. options.KeyFile is { } file ? KeyFile.Read(file) : [],
        ];

    /// <summary>Whether callers need one at all.</summary>
    public bool AreNeeded => _keys.Count > 0;

    /// <summary>The key that was sent; null where none was, or one that is not known.</summary>
    /// <remarks>
    /// Hashes have one length and all are compared whole, so that the time it takes tells neither a key nor its length
    /// nor which one was close.
    /// </remarks>
    public ApiKey? Find(IHeaderDictionary headers)
    {
        const string Bearer = "Bearer ";
        var sent = headers["X-Api-Key"].ToString();
        if (sent.Length == 0 && headers.Authorization.ToString() is var authorization
            && authorization.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase))
        {
            sent = authorization[Bearer.Length..].Trim();
        }

        var hash = ApiKey.HashOf(sent);
        ApiKey? found = null;
        foreach (var key in _keys)
        {
            found = CryptographicOperations.FixedTimeEquals(hash, key.Hash) ? key : found;
        }

        return found;
    }
}
