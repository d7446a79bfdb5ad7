using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Microsoft.Playwright;
using Xunit;

namespace AptRl.Tests.Host.Dashboard;

/// <summary>One browser, and one live shop for it, for all tests of the dashboard. Where no browser is installed the tests are skipped.</summary>
public sealed class DashboardBrowser : IAsyncLifetime
{
    private static readonly string[] Places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

    private readonly string? _executable = Places.FirstOrDefault(File.Exists);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    internal LiveShop? Shop { get; private set; }

    public async ValueTask InitializeAsync()
    {
        if (_executable is null)
        {
            return;
        }

        Shop = await LiveShop.StartAsync();
        Assertions.SetDefaultExpectTimeout(20_000);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = _executable, Args = ["--no-sandbox", "--disable-gpu"] });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        if (Shop is not null)
        {
            await Shop.DisposeAsync();
        }
    }

    /// <summary>A new tab on a page of the dashboard, and what its console says that is wrong.</summary>
    internal async Task<(IPage Page, ConcurrentQueue<string> Faults)> OpenAsync(string url, int width = 1280, ColorScheme scheme = ColorScheme.Light)
    {
        if (_browser is null)
        {
            Assert.Skip($"no browser is installed: none of {string.Join(", ", Places)} is there; on Debian, apt-get install chromium");
        }

        var page = await _browser.NewPageAsync(new() { ViewportSize = new() { Width = width, Height = 900 }, ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce });
        page.SetDefaultTimeout(20_000);
        var faults = new ConcurrentQueue<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                faults.Enqueue(message.Text);
            }
        };
        page.PageError += (_, error) => faults.Enqueue(error);
        await page.GotoAsync(url);
        return (page, faults);
    }

    /// <summary>Keeps a picture of the page among the build's artefacts.</summary>
    internal static async Task KeepAsync(IPage page, string name, [CallerFilePath] string caller = "")
    {
        var root = Path.GetDirectoryName(caller)!;
        while (!File.Exists(Path.Combine(root, "AptRl.slnx")))
        {
            root = Path.GetDirectoryName(root)!;
        }

        await page.ScreenshotAsync(new() { Path = Path.Combine(root, "artifacts", "dashboard", $"{name}.png"), FullPage = true });
    }
}
