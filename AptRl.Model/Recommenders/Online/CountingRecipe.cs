using AptRl.Model.Datasets;
using AptRl.Model.Events;

namespace AptRl.Model.Recommenders.Online;

/// <summary>A recipe whose fit is to learn the first part touch by touch: there is no difference between before and after.</summary>
internal sealed class CountingRecipe(string name, Func<IOnlineRecommender> create) : IOnlineRecipe
{
    public string Name => name;

    public IOnlineStart Fit(EventLog log, int count, FitContext context) => new Start(log, count, create);

    private sealed class Start(EventLog log, int count, Func<IOnlineRecommender> create) : IOnlineStart
    {
        public IOnlineRecommender Begin(IReadOnlyList<ItemId> met)
        {
            var recommender = create();
            recommender.Learn(log.Touches.AsSpan()[..count]);
            return recommender;
        }

        public void Dispose()
        {
        }
    }
}
