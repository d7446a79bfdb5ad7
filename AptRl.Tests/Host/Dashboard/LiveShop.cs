using AptRl.Actors.Hosting;
using AptRl.Host.Demo;
using AptRl.Host.Hosting;
using AptRl.Host.Http;
using AptRl.Host.Learning;
using AptRl.Model.Events;
using AptRl.Model.Policies;
using AptRl.Model.Simulation;
using AptRl.Model.Windows;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace AptRl.Tests.Host.Dashboard;

/// <summary>The whole server with a small simulated shop that a few shoppers at a time come to, until it is disposed.</summary>
internal sealed class LiveShop : IAsyncDisposable
{
    /// <summary>An item that is sold out, whose name is a script.</summary>
    public const string ScriptItem = "<img src=x onerror=\"document.title='harmed'\"><script>document.title='harmed'</script>";

    private static readonly ScenarioOptions Home = new()
    {
        Id = new ScenarioId("home"),
        Count = 6,
        Holdouts = [new Holdout(ScenarioOptions.Uniform, 0.15), new Holdout(ScenarioOptions.MostPopular, 0.15)],
    };

    private readonly WebApplication _app;
    private readonly DirectoryInfo _folder;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _run;

    private LiveShop(WebApplication app, DirectoryInfo folder, ShopDriver driver)
    {
        (_app, _folder) = (app, folder);
        _run = RunAsync(driver);
    }

    public string Url => _app.Urls.First();

    public static async Task<LiveShop> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("aptrl-dashboard-");
        var builder = AptRlHost.CreateBuilder(options => options with { Urls = "http://127.0.0.1:0", DataDir = folder.FullName });
        builder.Services.AddSingleton(new ScenarioNames([Home.Id]));
        AptRlHost.AddPersonalizer(builder, [Home], new WindowOptions { CreditUnnamed = false });
        var app = await AptRlHost.StartAsync(builder, CancellationToken.None);

        var (time, personalizer) = (app.Services.GetRequiredService<TimeProvider>(), app.Services.GetRequiredService<IPersonalizer>());
        var shop = new SimulatedShop(new ShopOptions { Seed = 5, ShopperCount = 60, ItemCount = 60, StartAt = time.GetUtcNow() - TimeSpan.FromDays(30) });
        await personalizer.UpsertAsync([.. shop.Catalogue, new Item(new ItemId(ScriptItem), Available: true, ["<b>bold</b>"])], CancellationToken.None);
        var driver = new ShopDriver(
            personalizer, shop, new DriverOptions(Home.Id, 6, InFlightMax: 1, TimeSpan.FromSeconds(3)),
            new DemoTally(time, 5, app.Services.GetRequiredService<LearningTally>()), time);
        app.Services.GetRequiredService<EventClock>().Simulate(() => driver.Now);
        return new LiveShop(app, folder, driver);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        await _app.StopAsync();
        await _app.DisposeAsync();
        _stop.Dispose();
        _folder.Delete(recursive: true);
    }

    // Busy for long enough to have a past, and then only so busy that the browser has a processor too.
    private async Task RunAsync(ShopDriver driver)
    {
        for (var open = TimeSpan.FromSeconds(3); !_stop.IsCancellationRequested; open = TimeSpan.FromMilliseconds(100))
        {
            using var closing = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            closing.CancelAfter(open);
            await driver.RunAsync(closing.Token, CancellationToken.None);
            await Task.WhenAny(Task.Delay(TimeSpan.FromMilliseconds(600), _stop.Token));
        }
    }
}
