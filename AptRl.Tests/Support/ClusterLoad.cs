using System.Collections.Concurrent;
using AptRl.Actors.Hosting;
using AptRl.Model.Events;
using Xunit;

namespace AptRl.Tests.Support;

/// <summary>Shoppers who look, are shown something and click on it, each at any node; what is not answered is sent again.</summary>
internal sealed class ClusterLoad(Func<int, IPersonalizer> nodeOf, int users)
{
    private readonly ConcurrentDictionary<string, (int Events, int Rewards)> _ledger = [];
    private int _next;
    private bool _isOver;

    public IReadOnlyDictionary<string, (int Events, int Rewards)> Ledger => _ledger;

    public int Rounds => _ledger.Values.Sum(of => of.Rewards);

    public void End() => Volatile.Write(ref _isOver, true);

    /// <summary>Every shopper goes round until it is told to end.</summary>
    public Task RunAsync() => Task.WhenAll(Enumerable.Range(0, users).Select(user => Task.Run(() => ShopAsync($"user-{user}"))));

    private async Task ShopAsync(string name)
    {
        for (var round = 0; !Volatile.Read(ref _isOver); round++)
        {
            var user = new UserId(name);
            var at = Sample.Noon.AddSeconds(round);
            // A search: a view of an item that was shown would earn a reward too.
            await ObserveAsync(new Interaction(new EventId($"search-{round}"), user, InteractionKind.Search, at, [], query: "shoes"));
            var decision = await RecommendAsync(new RecommendRequest(user, Sample.Home, $"page-{round}", at, 2, [], []));
            var joined = await ObserveAsync(new Interaction(
                new EventId($"click-{round}"), user, InteractionKind.SelectItem, at, [decision.Slate[0].Item], recommendationId: decision.Id.Value, position: 0));
            _ledger.AddOrUpdate(name, (2, joined), (_, old) => (old.Events + 2, old.Rewards + joined));
        }
    }

    // A repeat of what was accepted and not answered is a duplicate, whose rewards were counted the first time.
    private async Task<int> ObserveAsync(Interaction interaction)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            var observed = await Next().ObserveAsync(interaction, TestContext.Current.CancellationToken);
            if (observed.Status is not ObserveStatus.Busy)
            {
                return interaction.RecommendationId is null ? 0 : 1;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"{interaction.Id} was never taken");
    }

    private async Task<Decision> RecommendAsync(RecommendRequest request)
    {
        for (var attempt = 0; attempt < 200; attempt++)
        {
            if ((await Next().RecommendAsync(request, TestContext.Current.CancellationToken)).Decision is { } decision)
            {
                return decision;
            }

            await Task.Delay(50, TestContext.Current.CancellationToken);
        }

        throw new TimeoutException($"{request.RequestId} was never decided");
    }

    private IPersonalizer Next() => nodeOf(Interlocked.Increment(ref _next));
}
