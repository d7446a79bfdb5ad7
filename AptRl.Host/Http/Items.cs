using System.Globalization;
using AptRl.Actors.Hosting;
using AptRl.Actors.Inspection;
using AptRl.Host.Access;
using AptRl.Host.Configuration;
using AptRl.Host.Http.Contracts;
using AptRl.Model.Events;

namespace AptRl.Host.Http;

/// <summary>The catalogue.</summary>
internal static class Items
{
    private const int SearchDefault = 48;

    public static void MapItems(this WebApplication app)
    {
        app.MapPost("/v1/items", UpsertAsync).WithName("upsertItems").WithSummary("Adds or replaces items: all of them, or none.")
            .Accepts<ItemsBody>("application/json").Produces<ItemsAnswer>().Refuses(400, 401, 403, 413, 415, 422, 429, 503)
            .Needs(Scopes.Ingest);
        app.MapGet("/v1/items", SearchAsync).WithName("searchItems").WithSummary("Items whose names hold ?search=; ?category=, ?n=48.")
            .Produces<ItemSearchAnswer>().Refuses(401, 403, 422, 429, 503).Needs(Scopes.Ingest);
        app.MapGet("/v1/items/{id}", FindAsync).WithName("item").WithSummary("An item of the catalogue.")
            .Produces<ItemBody>().Refuses(401, 403, 404, 422, 429, 503).Needs(Scopes.Ingest);
    }

    private static async Task<IResult> UpsertAsync(HttpContext http, IPersonalizer personalizer, ServeOptions options)
    {
        var body = await RequestBody.ReadAsync(http, WireJson.Web.ItemsBody);
        if (body.Items is null or [])
        {
            return Problems.Of(422, "missing_items", """items is empty: send {"items":[{"id":"..."}]}""");
        }

        if (body.Items.Count > options.BatchMax)
        {
            throw EventDesk.TooMany(body.Items.Count, options.BatchMax, "items");
        }

        try
        {
            await personalizer.UpsertAsync([.. body.Items.Select(ItemOf)], http.RequestAborted);
        }
        catch (InvalidOperationException full)
        {
            return Problems.Of(422, "catalogue_full", full.Message);
        }

        return TypedResults.Json(new ItemsAnswer(body.Items.Count), WireJson.Web.ItemsAnswer);
    }

    private static async Task<IResult> FindAsync(HttpContext http, string id, IPersonalizer personalizer)
        => await personalizer.ItemAsync(new ItemId(RequestBody.IdInPath(http, "item id")), http.RequestAborted) is { } item
            ? TypedResults.Json(BodyOf(item), WireJson.Web.ItemBody)
            : Problems.Of(404, "unknown_item", $"there is no item '{id}' in the catalogue: add it with POST /v1/items");

    private static async Task<IResult> SearchAsync(
        HttpContext http, CatalogueSearch catalogue, string? search, string? category, string? n)
    {
        var page = await catalogue.FindAsync(
            search is null or "" ? "" : RequestBody.Id(search, "search", "bad_search"),
            category is null or "" ? null : RequestBody.Id(category, "category", "bad_category"),
            RequestBody.Count(n, SearchDefault, CatalogueSearch.CountMax), http.RequestAborted);
        return TypedResults.Json(new ItemSearchAnswer(page.Total, page.Categories, [.. page.Items.Select(BodyOf)]), WireJson.Web.ItemSearchAnswer);
    }

    private static ItemBody BodyOf(Item item) => new(item.Id.Value, item.Available, item.Categories, item.Price);

    private static Item ItemOf(ItemBody body, int index)
    {
        var where = string.Create(CultureInfo.InvariantCulture, $"items[{index}]");
        var id = new ItemId(RequestBody.Id(body.Id, $"{where}.id", "bad_id"));
        var categories = body.Categories ?? [];
        if (categories.Count > Item.CategoriesMax)
        {
            throw new RefusedException(422, "too_many_categories", string.Create(CultureInfo.InvariantCulture,
                $"{where} has {categories.Count} categories, at most {Item.CategoriesMax} are allowed: keep those that filters use"));
        }

        if (body.Price is < 0)
        {
            throw new RefusedException(422, "bad_price", string.Create(CultureInfo.InvariantCulture,
                $"{where}.price {body.Price} is below 0: send 0 or more, or leave it out"));
        }

        return new Item(id, body.Available, [.. categories.Select(name => RequestBody.Id(name, $"a category of {where}", "bad_category"))], body.Price);
    }
}
