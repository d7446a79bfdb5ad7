using AptRl.Actors.Operators;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

// As it would stand in a shop's own code.
namespace MyShop;

/// <summary>Lets <c>aptrl console</c> into a shop's own ASP.NET host, on whatever address and behind whatever check the shop has.</summary>
internal static class ShopConsole
{
    public static void MapConsole(this WebApplication app)
    {
        app.MapGet("/v1/console", (OperatorDesk desk) => Results.Text(OperatorWire.Describe(desk), "application/json"));
        app.MapPost("/v1/console", async (HttpContext http, OperatorDesk desk) =>
        {
            var command = http.Request.HasJsonContentType() ? await new StreamReader(http.Request.Body).ReadToEndAsync(http.RequestAborted) : "";
            await foreach (var line in OperatorWire.RunAsync(desk, command, http.RequestAborted))
            {
                await http.Response.WriteAsync(line + "\n", http.RequestAborted);
                await http.Response.Body.FlushAsync(http.RequestAborted);
            }
        });
    }
}
