using System.Collections;
using System.Globalization;
using System.Reflection;
using AptRl.Model.Events;
using AptRl.Model.Learning;

namespace AptRl.Tests.Support;

/// <summary>Tells a value with all that is in it, so that two of them can be compared: one line a value, where it is and what it is.</summary>
internal static class EveryValue
{
    public static IEnumerable<string> Of(object? value, string path = "")
        => value switch
        {
            null or string or bool or Enum or DateTimeOffset or TimeSpan => [$"{path} = {(value is DateTimeOffset at ? at.ToString("O") : value)}"],
            float or double or int or long or byte => [$"{path} = {((IFormattable)value).ToString("R", CultureInfo.InvariantCulture)}"],
            FeatureVector features => [$"{path} = {Convert.ToHexString(features.AsBytes())}"],
            RidgeStatistics sums => [$"{path} = {sums.Rows}: {string.Join(' ', sums.Gram.ToArray())}: {string.Join(' ', sums.Rewards.ToArray())}"],
            UserId or ItemId or EventId or ScenarioId or DecisionId => [$"{path} = {value}"],
            IEnumerable many => many.Cast<object?>().SelectMany((one, index) => Of(one, $"{path}[{index}]")).Prepend($"{path} has {many.Cast<object?>().Count()}"),
            System.Runtime.CompilerServices.ITuple tuple => Enumerable.Range(0, tuple.Length).SelectMany(index => Of(tuple[index], $"{path}.{index}")),
            _ => value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property => Of(property.GetValue(value), $"{path}.{property.Name}")),
        };
}
