using System.Text.Json.Nodes;
using AptRl.Host.Hosting;
using AptRl.Tests.Host.Versions;
using AptRl.Tests.Support;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace AptRl.Tests.Host.Dashboard;

[Collection("Torch")]
public sealed class DashboardTests(DashboardBrowser browser, TwoEncoders encoders) : IClassFixture<DashboardBrowser>, IClassFixture<TwoEncoders>
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("learning", ".chart canvas")]
    [InlineData("shop", ".shelf article")]
    [InlineData("decision", "tbody a")]
    [InlineData("users", ".list a")]
    [InlineData("pipeline", ".graph .node.busy")]
    [InlineData("cluster", ".shard")]
    [InlineData("evaluate", "tbody code")]
    [InlineData("time-travel", "input[type=range]")]
    public async Task A_page_opens_narrow_and_wide_dark_and_light_without_a_fault(string name, string shows)
    {
        foreach (var (width, scheme) in new[] { (1280, ColorScheme.Light), (390, ColorScheme.Dark) })
        {
            var (page, faults) = await OpenAsync(name, width, scheme);
            await Expect(page.Locator(shows).First).ToBeVisibleAsync();
            await DashboardBrowser.KeepAsync(page, $"{name}-{width}");

            var overflow = await page.EvaluateAsync<int>("() => document.documentElement.scrollWidth - document.documentElement.clientWidth");
            Assert.True(overflow <= 0, $"{name} is {overflow} pixels wider than {width}");
            var serious = (await page.RunAxe()).Violations.Where(violation => violation.Impact is "serious" or "critical");
            Assert.Empty(serious.Select(violation => $"{violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}"));
            Assert.Empty(faults);
            await page.CloseAsync();
        }
    }

    [Fact]
    public async Task The_learning_page_moves()
    {
        var (page, faults) = await OpenAsync("learning");
        var version = page.Locator(".stat", new() { HasText = "policy version" }).Locator("dd");
        await Expect(version).ToBeVisibleAsync();
        var before = await version.TextContentAsync();
        await Expect(version).Not.ToHaveTextAsync(before!);
        await Expect(page.GetByRole(AriaRole.Row, new() { Name = "popular" })).ToBeVisibleAsync();
        await Expect(page.GetByText("best possible").First).ToBeVisibleAsync();
        Assert.Empty(faults);
    }

    [Fact]
    public async Task A_click_changes_window_and_slate_and_the_decision_behind_it_is_explained()
    {
        var (page, faults) = await OpenAsync("shop");
        await page.Locator(".shelf article").First.GetByText("Cart").ClickAsync();
        await Expect(page.Locator(".speed")).ToContainTextAsync("places changed in");
        await Expect(page.Locator(".touches li")).ToHaveCountAsync(1);
        await page.Locator(".shelf.small button").First.ClickAsync();
        await Expect(page.Locator(".touches li")).ToHaveCountAsync(2);
        await DashboardBrowser.KeepAsync(page, "shop-after-two-touches");

        await page.GetByText("Why this slate?").ClickAsync();
        await Expect(page.GetByText("Rebuilt from")).ToBeVisibleAsync();
        await Expect(page.Locator(".touches li")).ToHaveCountAsync(2);
        await Expect(page.GetByText("that it was shown")).ToBeVisibleAsync();
        await Expect(page.Locator(".slate li")).ToHaveCountAsync(6);
        await DashboardBrowser.KeepAsync(page, "decision-explained");
        Assert.Empty(faults);
    }

    [Fact]
    public async Task A_policy_of_the_past_decides_beside_that_of_now_and_what_was_rebuilt_is_equal_to_the_bit()
    {
        var (page, faults) = await OpenAsync("time-travel");
        await page.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
        await Expect(page.Locator(".proof.good")).ToContainTextAsync("hash equal");
        await Expect(page.Locator(".slate")).ToHaveCountAsync(2);
        await DashboardBrowser.KeepAsync(page, "time-travel-there");
        Assert.Empty(faults);
    }

    [Fact]
    public async Task A_user_is_deleted_only_after_its_name_was_typed()
    {
        await SendAsync("/v1/recommend", """{"user":"to-be-deleted"}""");
        var (page, faults) = await OpenAsync("users/to-be-deleted");
        await page.GetByText("Delete…").ClickAsync();
        var sure = page.GetByText("Delete for good");
        await Expect(sure).ToBeDisabledAsync();
        await page.GetByLabel("Type the user’s name to confirm").FillAsync("to-be-deleted");
        await sure.ClickAsync();
        await Expect(page.GetByText("to-be-deleted is deleted")).ToBeVisibleAsync();

        await page.ReloadAsync();
        await Expect(page.GetByText("nothing is known of user")).ToBeVisibleAsync();
        Assert.All(faults, fault => Assert.Contains("404", fault, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_user_has_a_segment_and_a_decision_names_what_its_filters_removed()
    {
        var user = browser.Shop is null ? "" : (string)JsonNode.Parse(await GetAsync("/v1/users?n=1"))!["users"]![0]!;
        var (page, faults) = await OpenAsync($"users/{Uri.EscapeDataString(user)}");
        await Expect(page.GetByText("users who were here of late behave like this")).ToBeVisibleAsync();
        await DashboardBrowser.KeepAsync(page, "users-segment");

        string[] many = [.. Enumerable.Range(0, 12).Select(number => $"no-{number}")];
        var slate = await SendAsync("/v1/rank", $$"""{"user":"fil","candidates":["other",{{string.Join(',', many.Select(name => $"\"{name}\""))}}],"exclude":[{{string.Join(',', many.Select(name => $"\"{name}\""))}}]}""");
        await page.GotoAsync($"{browser.Shop!.Url}/#/decision/{Uri.EscapeDataString((string)JsonNode.Parse(slate)!["recommendationId"]!)}");
        await Expect(page.GetByText("no-0, no-1, no-2, no-3, no-4, no-5, no-6, no-7 and 4 more")).ToBeVisibleAsync();
        Assert.Empty(faults);
    }

    [Fact]
    public async Task An_encoder_is_promoted_on_the_page_takes_over_at_the_next_start_and_time_travel_crosses_it()
    {
        var folder = encoders.Copy("dashboard");
        await using (var server = await StartAsync(folder))
        {
            var (page, faults) = await browser.OpenAsync($"{server.Urls.First()}/#/evaluate");
            await Expect(page.GetByText("serves now")).ToBeVisibleAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = $"Promote {encoders.Second}" }).ClickAsync();
            await Expect(page.GetByText("needs a restart")).ToBeVisibleAsync();
            await page.GetByText("Leave it").ClickAsync();
            await Expect(page.Locator(".proof.warn")).ToHaveCountAsync(0);

            await page.GetByRole(AriaRole.Button, new() { Name = $"Promote {encoders.Second}" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Promote", Exact = true }).ClickAsync();
            await Expect(page.Locator(".proof.warn")).ToContainTextAsync("takes over at the next start");
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = $"Roll back from {encoders.Second}" })).ToBeVisibleAsync();
            await DashboardBrowser.KeepAsync(page, "evaluate-promoted");
            Assert.Empty(faults);
            await page.CloseAsync();
            await server.StopAsync(TestContext.Current.CancellationToken);
        }

        await using (var server = await StartAsync(folder))
        {
            var (page, faults) = await browser.OpenAsync($"{server.Urls.First()}/#/time-travel?user=u1");
            await page.GetByRole(AriaRole.Button, new() { Name = "Go back" }).ClickAsync();
            await Expect(page.Locator(".proof.good")).ToContainTextAsync("hash equal");
            await DashboardBrowser.KeepAsync(page, "time-travel-across-encoders");

            await page.GotoAsync($"{server.Urls.First()}/#/evaluate");
            await page.GetByRole(AriaRole.Button, new() { Name = $"Roll back from {encoders.Second}" }).ClickAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Roll back", Exact = true }).ClickAsync();
            await Expect(page.Locator(".proof.warn")).ToContainTextAsync("takes over at the next start");
            Assert.Empty(faults);
            await page.CloseAsync();
            await server.StopAsync(TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_server_that_knows_nothing_says_so_on_every_page_and_one_that_is_gone_is_told_of()
    {
        var folder = Directory.CreateTempSubdirectory("aptrl-empty-");
        await using (var server = await StartAsync(folder.FullName))
        {
            foreach (var (name, says) in new[]
            {
                ("learning", "Nothing decided yet"), ("users", "Nobody"), ("decision", "None yet"), ("pipeline", "Nothing was rejected"), ("cluster", "users awake"),
                ("evaluate", "One encoder, and no versions"), ("time-travel", "Still in the present"), ("shop", "Nothing to show"),
            })
            {
                var (page, faults) = await browser.OpenAsync($"{server.Urls.First()}/#/{name}", width: 390);
                await Expect(page.GetByText(says).First).ToBeVisibleAsync();
                await DashboardBrowser.KeepAsync(page, $"{name}-empty");
                Assert.Empty(faults);
                await page.CloseAsync();
            }

            var (left, _) = await browser.OpenAsync($"{server.Urls.First()}/#/decision/nothing");
            await Expect(left.Locator(".failed")).ToBeVisibleAsync();
            await left.GotoAsync($"{server.Urls.First()}/#/learning");
            await Expect(left.Locator(".live")).ToBeVisibleAsync();
            await server.StopAsync(TestContext.Current.CancellationToken);
            await Expect(left.GetByText("The server does not answer")).ToBeVisibleAsync();
        }

        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_evaluation_has_estimates_or_says_why_there_are_none()
    {
        var (page, faults) = await OpenAsync("evaluate");
        await page.GetByRole(AriaRole.Button, new() { Name = "Evaluate" }).ClickAsync();
        await Expect(page.Locator(".verdict")).ToBeVisibleAsync();
        await Expect(page.Locator(".whisker").First).ToBeVisibleAsync();
        await DashboardBrowser.KeepAsync(page, "evaluate-done");
        Assert.Empty(faults);
    }

    [Fact]
    public async Task Script_in_names_and_rejects_is_text()
    {
        var item = System.Text.Json.JsonSerializer.Serialize(LiveShop.ScriptItem);
        await SendAsync("/v1/events", $$"""{"id":"s1","type":"wobble","user":"eve","time":"2026-03-01T12:00:00Z","itemId":{{item}}}""");
        var slate = await SendAsync("/v1/rank", $$"""{"user":"<script>document.title='harmed'</script>","candidates":[{{item}},"other"],"exclude":[{{item}}]}""");
        var decision = Uri.EscapeDataString((string?)JsonNode.Parse(slate)?["recommendationId"] ?? "");
        foreach (var (path, shows) in new[]
        {
            ("pipeline", "unknown_type"), ("users/" + Uri.EscapeDataString("<script>document.title='harmed'</script>"), "Newest decisions"), ("shop", "Look around"),
            ("decision/" + decision, "excluded"),
        })
        {
            var (page, faults) = await OpenAsync(path);
            await Expect(page.GetByText(shows).First).ToBeVisibleAsync();
            await Expect(page.GetByText("<b>bold</b>").Or(page.GetByText("<script>")).Or(page.GetByText("onerror")).First).ToBeVisibleAsync();
            Assert.DoesNotContain("harmed", await page.TitleAsync(), StringComparison.Ordinal);
            Assert.Equal(0, await page.Locator("main img, main script, main b").CountAsync());
            Assert.Empty(faults);
            await page.CloseAsync();
        }
    }

    [Fact]
    public async Task A_wrong_key_is_told_of_and_the_right_one_opens_the_page_until_it_is_signed_out()
    {
        await using var server = await HttpServer.StartAsync(options => options with { ApiKey = Key });
        var (page, _) = await browser.OpenAsync(server.Client.BaseAddress!.ToString() + "#/evaluate");
        await page.GetByLabel("API key").FillAsync("not the key at all");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByText("This key is not known here")).ToBeVisibleAsync();

        await page.GetByLabel("API key").FillAsync(Key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Evaluate" })).ToBeVisibleAsync();
        await Expect(page.GetByText("Versions in force")).ToBeVisibleAsync();
        Assert.DoesNotContain(Key, page.Url, StringComparison.Ordinal);

        await page.GetByText("Sign out").ClickAsync();
        await page.ReloadAsync();
        await Expect(page.GetByLabel("API key")).ToBeVisibleAsync();
    }

    private static async Task<Microsoft.AspNetCore.Builder.WebApplication> StartAsync(string folder)
    {
        var builder = AptRlHost.CreateBuilder(options => options with { Urls = "http://127.0.0.1:0", DataDir = folder });
        AptRlHost.AddPersonalizer(builder);
        return await AptRlHost.StartAsync(builder, TestContext.Current.CancellationToken);
    }

    private async Task<string> GetAsync(string path)
    {
        using var client = new HttpClient();
        return await client.GetStringAsync(browser.Shop!.Url + path, TestContext.Current.CancellationToken);
    }

    private async Task<(IPage Page, System.Collections.Concurrent.ConcurrentQueue<string> Faults)> OpenAsync(
        string path, int width = 1280, ColorScheme scheme = ColorScheme.Light)
        => await browser.OpenAsync($"{browser.Shop?.Url}/#/{path}", width, scheme);

    private async Task<string> SendAsync(string path, string body)
    {
        if (browser.Shop is not { } shop)
        {
            return "{}";
        }

        using var client = new HttpClient();
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var answer = await client.PostAsync(shop.Url + path, content, TestContext.Current.CancellationToken);
        return await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
