using System.Globalization;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation;

/// <summary>One shopper as it goes through its sessions.</summary>
internal sealed class Shopper(int number, Chance chance, Taste before, Taste after, DateTimeOffset firstVisit)
{
    private const int SeenMax = 64;
    private static readonly TimeSpan SatiationHalfLife = TimeSpan.FromHours(24);

    private readonly Dictionary<int, (double Level, DateTimeOffset At)> _seen = [];

    public int Number { get; } = number;

    public UserId User { get; } = new(string.Create(CultureInfo.InvariantCulture, $"shopper-{number:0000}"));

    public DateTimeOffset NextAt { get; set; } = firstVisit;

    public long Sessions { get; set; }

    public long Turns { get; set; }

    public bool IsInSession { get; set; }

    public int Intent { get; set; }

    public PageView? Open { get; set; }

    /// <summary>Items that it has had something of.</summary>
    public IReadOnlyCollection<int> Seen => _seen.Keys;

    public Taste TasteAt(DateTimeOffset at, DateTimeOffset drift) => at < drift ? before : after;

    /// <summary>The chance of one part of this turn, whatever was drawn for other parts, turns and shoppers.</summary>
    public Chance ChanceOf(string part) => chance.Split((ulong)Turns).Split(part);

    /// <summary>How much an item that was seen has lost, in units of the logit; halves with every day.</summary>
    public double SatiationOf(int item, DateTimeOffset at)
        => _seen.TryGetValue(item, out var seen) ? seen.Level * Math.Pow(0.5, (at - seen.At) / SatiationHalfLife) : 0;

    public void Satiate(int item, double by, DateTimeOffset at)
    {
        var level = SatiationOf(item, at) + by;
        _seen.Remove(item);
        if (_seen.Count >= SeenMax)
        {
            _seen.Remove(_seen.MinBy(pair => (pair.Value.At, pair.Key)).Key);
        }

        _seen[item] = (Math.Min(level, 5), at);
    }
}
