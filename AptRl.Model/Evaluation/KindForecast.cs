using AptRl.Model.Events;

namespace AptRl.Model.Evaluation;

/// <summary>How well something foretold the kind of the next touch.</summary>
/// <param name="Name">Who foretold it.</param>
/// <param name="LogLoss">Mean of -log p of the kind that came, in nats, with a 95 % interval over clusters.</param>
/// <param name="Accuracy">Share of questions whose likeliest kind came, with a 95 % interval over clusters.</param>
/// <param name="Auc">
/// For each kind, how often a question that it followed had it likelier than a question that it did not, ties counting half; 0.5
/// is no knowledge.
/// </param>
public sealed record KindForecast(string Name, ConfidenceInterval LogLoss, ConfidenceInterval Accuracy, IReadOnlyDictionary<InteractionKind, double> Auc);

/// <summary>How well a model foretells what a user does next, beside what needs no model.</summary>
/// <param name="Questions">How many were asked.</param>
/// <param name="Shares">What share of them each kind followed.</param>
/// <param name="Model">The model.</param>
/// <param name="Majority">The shares of the training part, whatever the history.</param>
/// <param name="Markov">The kinds that followed the kind of the last touch in the training part.</param>
/// <param name="AgainstMarkov">Markov's log-loss less the model's: above 0 the model knows more.</param>
public sealed record NextActionReport(
    int Questions,
    IReadOnlyDictionary<InteractionKind, double> Shares,
    KindForecast Model,
    KindForecast Majority,
    KindForecast Markov,
    PairedDifference AgainstMarkov);
