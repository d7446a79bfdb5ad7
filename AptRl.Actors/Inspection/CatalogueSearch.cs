using Akka.Actor;
using AptRl.Actors.Agents;
using AptRl.Model.Events;

namespace AptRl.Actors.Inspection;

/// <summary>Some items of the catalogue and how many there are.</summary>
/// <param name="Total">Items that fit.</param>
/// <param name="Categories">The catalogue's categories, in order, at most <see cref="CatalogueSearch.CategoriesMax"/>.</param>
/// <param name="Items">The first of those that fit, in order of their names.</param>
public sealed record CataloguePage(int Total, IReadOnlyList<string> Categories, IReadOnlyList<Item> Items);

/// <summary>Looks through the catalogue.</summary>
public sealed class CatalogueSearch(ActorSystem system)
{
    /// <summary>Items that one search tells at most.</summary>
    public const int CountMax = 200;

    /// <summary>Categories that a search tells at most.</summary>
    public const int CategoriesMax = 100;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Items whose names hold a text, in a category; the work grows with the catalogue.</summary>
    public async Task<CataloguePage> FindAsync(string text, string? category, int count, CancellationToken cancellation)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, CountMax);
        var catalogue = (await JournalReading.SetupOf(system).Node.Catalogue
            .Ask<CatalogueChanged>(new CatalogueOf(), Patience, cancellation).ConfigureAwait(false)).Catalogue;
        var (categories, fitting) = (new SortedSet<string>(StringComparer.Ordinal), new List<Item>());
        foreach (var item in catalogue.Items.Values)
        {
            categories.UnionWith(item.Categories);
            if (item.Id.Value.Contains(text, StringComparison.OrdinalIgnoreCase) && (category is null || item.Categories.Contains(category, StringComparer.Ordinal)))
            {
                fitting.Add(item);
            }
        }

        return new CataloguePage(fitting.Count, [.. categories.Take(CategoriesMax)], [.. fitting.OrderBy(item => item.Id).Take(count)]);
    }
}
