using System.Globalization;
using System.Text.Json.Nodes;
using AptRl.Model.Encoding;
using AptRl.Model.Training;

namespace AptRl.Host.Evaluate;

/// <summary>What an encoder's card says beside what was measured again.</summary>
internal static class CardPrint
{
    public static void Print(TextWriter output, EncoderModel model, CardAudit audit)
    {
        var card = audit.Card;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"encoder {model.Version}: fitted to {card.Touches} touches of {card.Users} users ({card.Source ?? "unnamed"}, hash {card.DataHash}), best of {card.Epochs} epochs is {card.BestEpoch}, seed {card.Seed}"));
        if (audit.WhyNot is { } reason)
        {
            output.WriteLine($"validation: {Text(card.HitRateAt20)} HR@20 and {Text(card.ReciprocalRankAt20)} MRR@20 on the card cannot be reproduced: {reason}");
            return;
        }

        output.WriteLine(Line("HR@20", card.HitRateAt20, audit.HitRateAt20, card.ValidationTargets));
        output.WriteLine(Line("MRR@20", card.ReciprocalRankAt20, audit.ReciprocalRankAt20, card.ValidationTargets));
    }

    public static JsonObject ToJson(EncoderModel model, CardAudit audit) => new()
    {
        ["version"] = model.Version,
        ["source"] = audit.Card.Source,
        ["dataHash"] = audit.Card.DataHash,
        ["validationTargets"] = audit.Card.ValidationTargets,
        ["card"] = new JsonObject { ["hr@20"] = audit.Card.HitRateAt20, ["mrr@20"] = audit.Card.ReciprocalRankAt20 },
        ["measured"] = audit.WhyNot is null ? new JsonObject { ["hr@20"] = audit.HitRateAt20, ["mrr@20"] = audit.ReciprocalRankAt20 } : null,
        ["whyNot"] = audit.WhyNot,
        ["holds"] = audit.Holds,
    };

    private static string Line(string metric, double? said, double? measured, int targets)
        => $"validation {metric}: card {Text(said)}, measured {Text(measured)} on {targets} next items: {(CardAudit.IsEqual(said, measured) ? "equal" : "differs")}";

    private static string Text(double? value) => value is { } number ? number.ToString("F6", CultureInfo.InvariantCulture) : "none";
}
