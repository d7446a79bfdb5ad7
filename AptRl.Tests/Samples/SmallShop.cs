using System.Net;
using AptRl.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

// As it would stand in a shop's own code, beside a Program.cs of one line:
// await (await MyShop.SmallShop.StartAsync(args)).WaitForShutdownAsync();
namespace MyShop;

/// <summary>A shop's backend that asks a server of AptRl what to show, and tells it what shoppers do.</summary>
internal static class SmallShop
{
    private static readonly CatalogueItem[] Shelf =
    [
        new("boot", Categories: ["shoes"], Price: 89), new("sandal", Categories: ["shoes"], Price: 39), new("slipper", Categories: ["shoes"], Price: 19),
        new("hat", Categories: ["heads"], Price: 29), new("cap", Categories: ["heads"], Price: 15), new("scarf", Categories: ["necks"], Price: 25),
    ];

    /// <param name="arguments">The shop's own configuration; <c>--AptRl</c> is the server's address, <c>--AptRlKey</c> the key.</param>
    public static async Task<WebApplication> StartAsync(params string[] arguments)
    {
        var builder = WebApplication.CreateBuilder(arguments);
        var address = new Uri(builder.Configuration["AptRl"] ?? "http://127.0.0.1:5080");
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(new AptRlClient(
            new HttpClient { BaseAddress = address }, new AptRlClientOptions { ApiKey = builder.Configuration["AptRlKey"] }));
        builder.Services.AddSingleton(services => services.GetRequiredService<AptRlClient>().OpenSender(new EventSenderOptions
        {
            NotKept = (@event, result) => Console.Error.WriteLine($"event {@event.Id} was not kept: {result.Status} {result.Code} {result.Reason}"),
        }));
        var shop = builder.Build();

        shop.MapGet("/", HomeAsync);
        shop.MapGet("/items/{item}", Look);
        shop.MapPost("/cart", AddToCartAsync);
        await shop.Services.GetRequiredService<AptRlClient>().UpsertAsync(Shelf);
        await shop.StartAsync();
        return shop;
    }

    // The slate of a page. Where AptRl is away the shop shows its shelf as it is: a page never waits for a recommendation for long.
    private static async Task<IResult> HomeAsync(string shopper, AptRlClient aptRl, CancellationToken cancellation)
    {
        try
        {
            var slate = await aptRl.RecommendAsync(new SlateRequest { User = shopper, Count = 3 }, cancellation);
            return Page(shopper, slate.Items.Select(item => item.ItemId), slate.RecommendationId);
        }
        catch (AptRlException)
        {
            return Page(shopper, Shelf.Take(3).Select(item => item.Id), recommendation: "");
        }
    }

    // Nobody waits for this event: it goes with others. Where it came of a slate, that slate is named and earns its click.
    private static IResult Look(string item, string shopper, string? from, EventSender events, TimeProvider clock)
    {
        events.TryPost(new ShopEvent
        {
            Type = string.IsNullOrEmpty(from) ? EventTypes.ViewItem : EventTypes.SelectItem,
            User = shopper,
            Time = clock.GetUtcNow(),
            Items = [item],
            RecommendationId = string.IsNullOrEmpty(from) ? null : from,
        });
        return Html($"<h1>{Text(item)}</h1><form method=post action='/cart?shopper={Url(shopper)}&item={Url(item)}'><button>Into the cart</button></form>");
    }

    // This one counts: the shopper is answered when the event is durable.
    private static async Task<IResult> AddToCartAsync(string shopper, string item, EventSender events, TimeProvider clock, CancellationToken cancellation)
    {
        var result = await events.SendAsync(
            new ShopEvent { Type = EventTypes.AddToCart, User = shopper, Time = clock.GetUtcNow(), Items = [item] }, cancellation);
        return result.IsKept ? Results.Redirect($"/?shopper={Url(shopper)}") : Results.Problem(result.Reason);
    }

    private static IResult Page(string shopper, IEnumerable<string> items, string recommendation)
        => Html("<h1>For you</h1><ol>" + string.Concat(items.Select(item =>
            $"<li><a href='/items/{Url(item)}?shopper={Url(shopper)}&from={Url(recommendation)}'>{Text(item)}</a></li>")) + "</ol>");

    private static IResult Html(string body) => Results.Content($"<!doctype html><title>A small shop</title>{body}", "text/html; charset=utf-8");

    private static string Text(string value) => WebUtility.HtmlEncode(value);

    private static string Url(string value) => Uri.EscapeDataString(value);
}
