using System.Collections.Concurrent;
using AptRl.Actors.Hosting;
using AptRl.Host.Commands;
using AptRl.Host.Demo;
using AptRl.Model.Events;
using AptRl.Model.Simulation;
using Xunit;

namespace AptRl.Tests.Host.Demo;

public sealed class ShopDriverTests
{
    private static readonly ShopOptions Shop = new() { Seed = 3, ShopperCount = 300 };
    private static readonly DriverOptions Options = new(new ScenarioId("home"), SlateLength: 6, InFlightMax: 16, DriftAfter: null);

    [Fact]
    public async Task Random_slates_are_clicked_as_often_as_computed_and_far_less_than_the_best()
    {
        var (report, personalizer) = await RunAsync(Options, decisions: 6_000);

        var random = Assert.Single(report.Policies);
        Assert.Equal(("random", report.Decisions), (random.Name, random.Decisions));
        Assert.True(report.Decisions >= 6_000, $"{report.Decisions} decisions");
        var standardError = Math.Sqrt(random.ExpectedCtr * (1 - random.ExpectedCtr) / random.Decisions);
        Assert.InRange(random.Ctr.Mean, random.ExpectedCtr - 3 * standardError, random.ExpectedCtr + 3 * standardError);
        Assert.InRange(random.ExpectedCtr, 0.02, 0.05);
        Assert.InRange(report.BestCtr!.Value, 0.25, 0.45);
        Assert.InRange(random.Ctr.High - random.Ctr.Low, 2 * standardError, 6 * standardError);
        Assert.Equal(personalizer.Clicks, random.Clicks);
        Assert.Equal(personalizer.Taken.Count, report.Events);
    }

    [Fact]
    public async Task One_shopper_is_served_in_order_and_never_twice_at_a_time()
    {
        var (report, personalizer) = await RunAsync(Options, decisions: 3_000);

        Assert.Equal(0, personalizer.Overlaps);
        Assert.True(personalizer.InFlightMax is > 1 and <= 16, $"{personalizer.InFlightMax} in flight");
        Assert.Equal(personalizer.Taken.Count, personalizer.Taken.Select(i => i.Id).Distinct().Count());
        foreach (var ofUser in personalizer.Taken.GroupBy(i => i.User))
        {
            var times = ofUser.Select(i => i.At).ToArray();
            Assert.Equal(times.Order(), times);
        }

        Assert.Equal(0, report.Busy);
    }

    [Fact]
    public async Task What_is_busy_is_sent_again_until_it_is_taken()
    {
        var (report, personalizer) = await RunAsync(Options, decisions: 300, busyEvery: 50);

        Assert.Equal(personalizer.Refused, report.Busy);
        Assert.True(report.Busy > 5, $"busy {report.Busy} times");
        Assert.Equal(personalizer.Taken.Count, personalizer.Taken.Select(i => i.Id).Distinct().Count());
        Assert.Equal(report.Accepted, personalizer.Taken.Count);
    }

    [Fact]
    public async Task Tastes_move_when_the_run_says_and_a_refusal_ends_it_with_the_reason()
    {
        var (report, _) = await RunAsync(Options with { DriftAfter = TimeSpan.Zero }, decisions: 50);
        Assert.NotNull(report.DriftAtSeconds);

        var error = await Assert.ThrowsAsync<UserErrorException>(
            () => RunAsync(Options with { Scenario = new ScenarioId("nowhere") }, decisions: 50));
        Assert.Contains("no scenario is called nowhere", error.Message, StringComparison.Ordinal);
    }

    private static async Task<(DemoReport Report, RandomSlates Personalizer)> RunAsync(DriverOptions options, int decisions, int busyEvery = int.MaxValue)
    {
        var shop = new SimulatedShop(Shop);
        using var stop = new CancellationTokenSource();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(60));
        var personalizer = new RandomSlates([.. shop.Catalogue.Select(item => item.Id)], new ScenarioId("home"), decisions, stop, busyEvery);
        var tally = new DemoTally(TimeProvider.System, seed: 1);
        await new ShopDriver(personalizer, shop, options, tally, TimeProvider.System).RunAsync(stop.Token, limit.Token);
        return (tally.Report(resamples: 400), personalizer);
    }

    /// <summary>Answers with uniformly drawn slates, remembers what it was sent, and stops the run after so many decisions.</summary>
    private sealed class RandomSlates(ItemId[] items, ScenarioId scenario, int decisions, CancellationTokenSource stop, int busyEvery) : PersonalizerDouble
    {
        private static readonly AptRl.Model.Learning.FeatureVector NoFeatures
            = AptRl.Model.Learning.FeatureVector.From(new float[AptRl.Model.Learning.FeatureVector.Length]);

        private readonly ConcurrentDictionary<UserId, int> _busyUsers = new();
        private readonly Lock _gate = new();
        private int _inFlight;
        private int _asked;
        private int _decided;

        public List<Interaction> Taken { get; } = [];

        public long Clicks => Taken.Count(i => i.Kind == InteractionKind.SelectItem && i.RecommendationId is not null);

        public int Overlaps { get; private set; }

        public int InFlightMax { get; private set; }

        public int Refused { get; private set; }

        public override Task<Observed> ObserveAsync(Interaction interaction, CancellationToken cancellation)
            => OneAtATimeAsync(interaction.User, refused =>
            {
                if (!refused)
                {
                    Taken.Add(interaction);
                }

                return new Observed(interaction.Id, refused ? ObserveStatus.Busy : ObserveStatus.Accepted, 0);
            });

        public override Task<Recommended> RecommendAsync(RecommendRequest request, CancellationToken cancellation)
            => OneAtATimeAsync(request.User, refused =>
            {
                if (request.Scenario != scenario)
                {
                    return new Recommended(null, Refusal.UnknownScenario, $"no scenario is called {request.Scenario}");
                }

                if (refused)
                {
                    return new Recommended(null, Refusal.Busy);
                }

                if (++_decided == decisions)
                {
                    stop.Cancel();
                }

                var id = DecisionId.For(request.User, request.Scenario, request.RequestId);
                var chance = new Chance(id.Key);
                var slate = new HashSet<ItemId>();
                while (slate.Count < request.Count)
                {
                    slate.Add(items[chance.Next(items.Length)]);
                }

                return new Recommended(new Decision(
                    id, request.User, request.Scenario, request.RequestId, request.At, null, "random", 1, "none", 0,
                    [.. slate.Select(item => new Shown(item, 0, 1.0 / items.Length, true, NoFeatures))], [], []));
            });

        private async Task<T> OneAtATimeAsync<T>(UserId user, Func<bool, T> answer)
        {
            var others = _busyUsers.AddOrUpdate(user, 1, (_, count) => count + 1) - 1;
            lock (_gate)
            {
                Overlaps += others;
                InFlightMax = Math.Max(InFlightMax, ++_inFlight);
            }

            // Lets other shoppers in while this one waits, as a real answer would.
            await Task.Yield();
            lock (_gate)
            {
                _inFlight--;
                _busyUsers.AddOrUpdate(user, 0, (_, count) => count - 1);
                var refused = ++_asked % busyEvery == 0;
                Refused += refused ? 1 : 0;
                return answer(refused);
            }
        }
    }
}
