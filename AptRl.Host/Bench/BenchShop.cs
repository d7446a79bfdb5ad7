using System.Buffers.Text;
using System.Globalization;
using AptRl.Model.Events;

namespace AptRl.Host.Bench;

/// <summary>The users and items of the bench. Items are viewed by Zipf's law: the r-th most popular 1/r as often as the first.</summary>
internal sealed class BenchShop
{
    private const string ItemPrefix = "item-";

    private readonly double[] _cumulative;

    public BenchShop(int users, int catalogue)
    {
        (Users, Catalogue) = (users, catalogue);
        _cumulative = new double[catalogue];
        var sum = 0d;
        for (var rank = 0; rank < catalogue; rank++)
        {
            _cumulative[rank] = sum += 1d / (rank + 1);
        }
    }

    public int Users { get; }

    public int Catalogue { get; }

    public static string NameOf(int item) => string.Create(CultureInfo.InvariantCulture, $"{ItemPrefix}{item}");

    /// <summary>Which item of the catalogue this is; false where it is none.</summary>
    public bool TryItem(ReadOnlySpan<byte> name, out int item)
    {
        item = -1;
        return name.StartsWith("item-"u8)
            && Utf8Parser.TryParse(name[ItemPrefix.Length..], out item, out var length)
            && length == name.Length - ItemPrefix.Length
            && item >= 0 && item < Catalogue;
    }

    public static string UserOf(int user) => string.Create(CultureInfo.InvariantCulture, $"user-{user}");

    public string DrawUser(ref Chance chance) => UserOf(chance.Next(Users));

    public int DrawItem(ref Chance chance)
    {
        var drawn = chance.NextDouble() * _cumulative[^1];
        var found = Array.BinarySearch(_cumulative, drawn);

        // A hit on a boundary belongs to the item above it, since shares are half-open: [lower, upper).
        return Math.Min(found >= 0 ? found + 1 : ~found, Catalogue - 1);
    }
}
