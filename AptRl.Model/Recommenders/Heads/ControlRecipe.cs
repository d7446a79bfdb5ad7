using AptRl.Model.Datasets;
using AptRl.Model.Heads;

namespace AptRl.Model.Recommenders.Heads;

/// <summary>Something that looks like an offline head and lacks one part of it: a gain that a control has too is none of that part.</summary>
/// <remarks>docs/algorithms/q-heads.md says what each takes away.</remarks>
public sealed class ControlRecipe : IRecipe
{
    private readonly ValueOptions? _options;
    private readonly bool _ranksByValue;

    private ControlRecipe(string name, string words, ValueOptions? options, bool ranksByValue = true)
        => (Name, Trials, _options, _ranksByValue) = (name, [words], options, ranksByValue);

    /// <summary>All of them.</summary>
    public static IReadOnlyList<IRecipe> All { get; } =
    [
        new ControlRecipe("control-supervised", "cross-entropy alone, no heads", null),
        new ControlRecipe("control-unused", "sqn, whose Q shapes the state and has no say in ranking", SqnRecipe.Options(0), ranksByValue: false),
        new ControlRecipe("control-discount-0", "sa2c with discount 0", Sa2cRecipe.Options(0) with { Discount = 0 }),
        new ControlRecipe("control-shuffled", "sa2c with each user's rewards shuffled among the user's touches", Sa2cRecipe.Options(0) with { ShufflesRewards = true }),
        new ControlRecipe("control-count", "heads that count the touches still to come in the session", new ValueOptions { Target = ValueTarget.Count }),
        new ControlRecipe("control-matched", "the same weights and epochs, all of them by cross-entropy", new ValueOptions { Target = ValueTarget.NextItem }),
        new ControlRecipe("control-weighted", "cross-entropy that counts by the reward, heads unused", new ValueOptions { WeighsByReward = true, ValueWeight = 0, Discount = 0 }, ranksByValue: false),
    ];

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Trials { get; }

    /// <inheritdoc/>
    public IRecommender Fit(TrainingPart training, int trial, FitContext context)
    {
        ArgumentNullException.ThrowIfNull(training);
        ArgumentNullException.ThrowIfNull(context);
        return _options is not null ? ValueFit.Of(training, _options, context, _ranksByValue)
            : NetworkFit.Of(training, ValueFit.Settings(HeadSettings.Training(context), null), context);
    }
}
