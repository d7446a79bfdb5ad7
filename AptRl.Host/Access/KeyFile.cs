using System.Text.Json;
using AptRl.Host.Commands;

namespace AptRl.Host.Access;

/// <summary>The file of keys that <c>aptrl key</c> writes and <c>aptrl serve --keys</c> reads: hashes, names and scopes, no key.</summary>
internal static class KeyFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { WriteIndented = true };

    /// <summary>The keys in it.</summary>
    /// <exception cref="UserErrorException">It cannot be read, or holds something that is no key.</exception>
    public static IReadOnlyList<ApiKey> Read(string path)
    {
        try
        {
            var rows = JsonSerializer.Deserialize<Rows>(File.ReadAllText(path), Json)?.Keys ?? [];
            ApiKey[] keys = [.. rows.Select((row, index) => KeyOf(path, row, index))];
            return keys.Length > 0 ? keys : throw Fault(path, "it holds no key: make one with 'aptrl key'");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw Fault(path, error.Message);
        }
    }

    /// <summary>Adds a key, in place of one with the same name; the file is replaced whole.</summary>
    public static void Add(string path, ApiKey key)
    {
        var rows = File.Exists(path) ? Read(path).Where(other => other.Name != key.Name) : [];
        var text = JsonSerializer.Serialize(
            new Rows([.. rows.Append(key).Select(its => new Row(its.Name, ScopeNames.Of(its.Scopes), Convert.ToHexStringLower(its.Hash)))]), Json);
        var partial = path + ".partial";
        File.WriteAllText(partial, text + "\n");
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.Move(partial, path, overwrite: true);
    }

    private static ApiKey KeyOf(string path, Row row, int index)
    {
        var where = $"keys[{index}]";
        if (string.IsNullOrWhiteSpace(row.Name))
        {
            throw Fault(path, $"{where} has no name");
        }

        if (row.Sha256 is not { Length: 64 } hash || !hash.All(char.IsAsciiHexDigit))
        {
            throw Fault(path, $"{where}.sha256 is not 64 hexadecimal digits");
        }

        var scopes = Scopes.None;
        foreach (var name in row.Scopes ?? [])
        {
            scopes |= ScopeNames.Find(name) ?? throw Fault(path, $"{where} has scope '{name}', which is not one of {ScopeNames.Known}");
        }

        return scopes is Scopes.None ? throw Fault(path, $"{where} has no scope: give it some of {ScopeNames.Known}") : new ApiKey(row.Name, Convert.FromHexString(hash), scopes);
    }

    private static UserErrorException Fault(string path, string fault) => new($"key file '{path}': {fault}", Cli.Usage);

    private sealed record Rows(IReadOnlyList<Row>? Keys);

    private sealed record Row(string? Name, IReadOnlyList<string>? Scopes, string? Sha256);
}
