using System.CommandLine;
using System.Net;
using Akka.Hosting;
using AptRl.Actors.Hosting;
using AptRl.Actors.Operators;
using AptRl.Host.Commands;
using AptRl.Host.Hosting;
using AptRl.Model.Encoding;
using AptRl.Tests.Support;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using MyShop;
using Xunit;

namespace AptRl.Tests.Host.Operators;

[Collection("Torch")]
public sealed class OperatorDoorTests
{
    [Fact]
    public async Task Through_the_operators_door_nothing_else_is_asked()
    {
        await using var server = await HttpServer.StartAsync(options => options with { OperatorPort = "0" });
        using var door = new HttpClient { BaseAddress = new Uri(server.Services.GetRequiredService<OperatorDoor>().Url) };

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(door, "/v1/console"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(door, "/v1/users"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(door, "/"));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(server.Client, "/v1/console"));
    }

    [Fact]
    public async Task A_second_node_on_the_machine_goes_on_without_a_door()
    {
        await using var first = await HttpServer.StartAsync(options => options with { OperatorPort = "0" });
        var taken = first.Services.GetRequiredService<OperatorDoor>().Port;
        await using var second = await HttpServer.StartAsync(options => options with { OperatorPort = $"{taken}" });

        Assert.Null(second.Services.GetService<OperatorDoor>());
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(second.Client, "/v1/console"));
    }

    [Fact]
    public async Task Where_there_are_keys_operators_need_one_of_an_administrator_too()
    {
        await using var server = await HttpServer.StartAsync(options => options with { OperatorPort = "0", ApiKey = "0123456789abcdef" });
        using var door = new HttpClient { BaseAddress = new Uri(server.Services.GetRequiredService<OperatorDoor>().Url) };
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(door, "/v1/console"));
        door.DefaultRequestHeaders.Add("X-Api-Key", "0123456789abcdef");
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(door, "/v1/console"));
    }

    [Fact]
    public async Task A_page_of_another_site_cannot_give_commands()
    {
        await using var server = await HttpServer.StartAsync(options => options with { OperatorPort = "0" });
        using var door = new HttpClient { BaseAddress = new Uri(server.Services.GetRequiredService<OperatorDoor>().Url) };
        using var plain = new StringContent("""{"words":["cluster","leave"],"confirmed":true}""");
        using var answer = await door.PostAsync("/v1/console", plain, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);

        using var rebound = new HttpRequestMessage(HttpMethod.Get, "/v1/console") { Headers = { Host = "evil.example" } };
        using var refused = await door.SendAsync(rebound, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
    }

    [Theory]
    [InlineData("wobble")]
    [InlineData("70000")]
    [InlineData("-1")]
    public void A_port_that_is_none_is_refused(string port)
        => Assert.Contains("off", Assert.Throws<UserErrorException>(() => OperatorDoor.PortOf(port)).Message, StringComparison.Ordinal);

    [Fact]
    public async Task A_shop_has_the_console_in_its_own_host_with_commands_of_its_own()
    {
        var folder = Directory.CreateTempSubdirectory("aptrl-own-console-");
        var builder = WebApplication.CreateBuilder(["--hostBuilder:reloadConfigOnChange=false"]);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAkka("my-shop", akka => akka.AddAptRl(new AptRlOptions
        {
            DataDirectory = folder.FullName,
            Model = EncoderModel.Fresh(new EncoderOptions(), items: [], seed: 1),
        }));
        builder.Services.AddPersonalizer().AddAptRlConsole().AddAptRlPalette(StockPalette.Palette);
        await using (var app = builder.Build())
        {
            app.MapConsole();
            await app.StartAsync(TestContext.Current.CancellationToken);

            Assert.Contains("boot  2", await AskAsync(app.Urls.First(), "stock", "low"), StringComparison.Ordinal);
            Assert.Contains("Up", await AskAsync(app.Urls.First(), "cluster", "show"), StringComparison.Ordinal);
            Assert.Contains("home", await AskAsync(app.Urls.First(), "agent", "list"), StringComparison.Ordinal);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public void Two_commands_of_the_same_words_are_refused()
    {
        using var services = new ServiceCollection().AddAptRlPalette(StockPalette.Palette).AddAptRlPalette(StockPalette.Palette).AddAptRlConsole().BuildServiceProvider();
        Assert.Contains("stock low", Assert.Throws<ArgumentException>(services.GetRequiredService<OperatorDesk>).Message, StringComparison.Ordinal);
    }

    private static async Task<string> AskAsync(string url, params string[] words)
    {
        var output = new StringWriter();
        await Cli.RunAsync(
            new RootCommand { ConsoleCommandLine.Create() }, ["console", .. words, "--url", url], new InvocationConfiguration { Output = output, Error = output });
        return output.ToString();
    }

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
