using System.Collections.Concurrent;
using System.IO.Compression;
using System.Reflection;
using System.Security.Cryptography;
using AptRl.Host.Access;
using AptRl.Host.Configuration;
using AptRl.Host.Http;

namespace AptRl.Host.Dashboard;

/// <summary>The dashboard's pages, scripts and styles: they are inside the program, hold no data and need no key.</summary>
internal static class DashboardFiles
{
    private const string Prefix = "dashboard/";
    private const string Index = "index.html";

    private static readonly Assembly Program = typeof(DashboardFiles).Assembly;

    private static readonly Dictionary<string, string> Types = new(StringComparer.Ordinal)
    {
        [".html"] = "text/html; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".svg"] = "image/svg+xml",
        [".txt"] = "text/plain; charset=utf-8",
    };

    /// <summary>Names of the files, such as <c>pages/learning.js</c>.</summary>
    public static IReadOnlyList<string> Names { get; } =
        [.. Program.GetManifestResourceNames().Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]).Order(StringComparer.Ordinal)];

    public static void MapDashboard(this WebApplication app)
    {
        var folder = app.Services.GetRequiredService<ServeOptions>().DashboardDir;
        var files = new ConcurrentDictionary<string, Asset>(StringComparer.Ordinal);
        app.MapGet("/", http => WriteAsync(http, Index)).NeedsNoKey().ExcludeFromDescription();
        app.MapGet("/assets/{**name}", (HttpContext http, string name) => WriteAsync(http, name)).NeedsNoKey().ExcludeFromDescription();

        async Task WriteAsync(HttpContext http, string name)
        {
            if (!Names.Contains(name))
            {
                await Problems.WriteAsync(http, StatusCodes.Status404NotFound, "unknown_route", "the dashboard has no such file: it begins at /");
                return;
            }

            var asset = folder is null ? files.GetOrAdd(name, Read) : new Asset(await File.ReadAllBytesAsync(Path.Combine(folder, name), http.RequestAborted));
            await SendAsync(http, name, asset);
        }
    }

    private static async Task SendAsync(HttpContext http, string name, Asset asset)
    {
        var (request, response) = (http.Request.Headers, http.Response);
        response.ContentType = Types[Path.GetExtension(name)];
        response.Headers.ETag = asset.Tag;
        response.Headers.CacheControl = "no-cache";
        response.Headers.Vary = "Accept-Encoding";
        response.Headers.ContentSecurityPolicy = BrowserGuard.DashboardPolicy;
        response.Headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (request.IfNoneMatch == asset.Tag)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        var isZipped = request.AcceptEncoding.ToString().Contains("gzip", StringComparison.OrdinalIgnoreCase);
        var bytes = isZipped ? asset.Zipped : asset.Plain;
        if (isZipped)
        {
            response.Headers.ContentEncoding = "gzip";
        }

        response.ContentLength = bytes.Length;
        await response.Body.WriteAsync(bytes, http.RequestAborted);
    }

    private static Asset Read(string name)
    {
        using var stream = Program.GetManifestResourceStream(Prefix + name)!;
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return new Asset(bytes.ToArray());
    }

    private sealed class Asset(byte[] plain)
    {
        private readonly Lazy<byte[]> _zipped = new(() =>
        {
            using var to = new MemoryStream();
            using (var gzip = new GZipStream(to, CompressionLevel.SmallestSize))
            {
                gzip.Write(plain);
            }

            return to.ToArray();
        });

        public byte[] Plain => plain;

        public byte[] Zipped => _zipped.Value;

        public string Tag { get; } = $"\"{Convert.ToHexStringLower(SHA256.HashData(plain))[..16]}\"";
    }
}
