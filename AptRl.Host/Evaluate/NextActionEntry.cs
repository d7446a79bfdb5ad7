using System.Text.Json.Nodes;
using AptRl.Model.Evaluation;
using AptRl.Model.Events;

namespace AptRl.Host.Evaluate;

/// <summary>Puts how well the kind of the next touch was foretold into the words of the result file.</summary>
internal static class NextActionEntry
{
    /// <summary>Intervals and the paired test are those of the first seed.</summary>
    public static JsonObject Of(IReadOnlyList<NextActionReport> seeds)
    {
        var first = seeds[0];
        var comparison = EvaluationEntry.Interval(first.AgainstMarkov.Difference, "difference");
        comparison["p"] = EvaluationEntry.Rounded(first.AgainstMarkov.PValue);
        return new JsonObject
        {
            ["questions"] = first.Questions,
            ["shares"] = ByKind(first.Shares),
            ["forecasts"] = new JsonArray([.. new[] { first.Model, first.Majority, first.Markov }.Select(Forecast)]),
            ["logLossBelowMarkov"] = comparison,
            ["logLossOfSeeds"] = new JsonArray([.. seeds.Select(seed => JsonValue.Create(EvaluationEntry.Rounded(seed.Model.LogLoss.Mean)))]),
        };
    }

    private static JsonObject Forecast(KindForecast forecast) => new()
    {
        ["name"] = forecast.Name,
        ["logLoss"] = EvaluationEntry.Interval(forecast.LogLoss, "mean"),
        ["accuracy"] = EvaluationEntry.Interval(forecast.Accuracy, "mean"),
        ["auc"] = ByKind(forecast.Auc),
    };

    private static JsonObject ByKind(IReadOnlyDictionary<InteractionKind, double> values)
        => new(values.Select(value => KeyValuePair.Create<string, JsonNode?>(Name(value.Key), EvaluationEntry.Rounded(value.Value))));

    private static string Name(InteractionKind kind) => kind switch
    {
        InteractionKind.ViewItem => "view",
        InteractionKind.AddToCart => "cart",
        InteractionKind.Purchase => "purchase",
        _ => kind.ToString(),
    };
}
