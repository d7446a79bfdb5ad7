using AptRl.Model.Datasets;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Training;

namespace AptRl.Model.Recommenders.Online;

/// <summary>The shop's encoder, fitted to the first part and then fine-tuned as touches come.</summary>
internal sealed class OnlineEncoderRecipe(OnlineEncoderOptions? online = null) : IOnlineRecipe
{
    public string Name => "transformer";

    public IOnlineStart Fit(EventLog log, int count, FitContext context)
    {
        // Half the width of the offline one: each touch is a step, and steps must keep up with the touches.
        var (shape, options) = TransformerRecipe.Settings(0, context);
        (shape, options) = (shape with { Width = 64 }, options with { Refit = true });
        var encoders = new FittedEncoders(SequenceDataset.From(log.First(count)), shape, options, context);
        using var judged = encoders.HeldOut();
        return new Start(encoders.Everything(judged.Fit!), log, count, (online ?? new OnlineEncoderOptions()) with { Seed = context.Seed });
    }

    private sealed class Start(EncoderModel fitted, EventLog log, int count, OnlineEncoderOptions options) : IOnlineStart
    {
        public IOnlineRecommender Begin(IReadOnlyList<ItemId> met) => new OnlineEncoder(fitted, met, log.Touches.AsSpan()[..count], options);

        public void Dispose() => fitted.Dispose();
    }
}
