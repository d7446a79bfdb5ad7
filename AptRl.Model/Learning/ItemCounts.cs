namespace AptRl.Model.Learning;

/// <summary>What is counted of an item in a scenario. All are integers, so that order does not matter.</summary>
/// <param name="Hour">Weighted touches of the last one to two hours of event time.</param>
/// <param name="Day">… of the last 24 to 25 hours.</param>
/// <param name="Week">… of the last 168 to 169 hours.</param>
/// <param name="Shown">Times shown.</param>
/// <param name="Clicked">Times clicked where shown.</param>
public readonly record struct ItemCounts(int Hour, int Day, int Week, long Shown, long Clicked);
