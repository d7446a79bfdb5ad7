using Akka;
using Akka.Streams.Dsl;
using AptRl.Actors.Hosting;
using AptRl.Model.Events;

namespace AptRl.Tests.Host.Demo;

/// <summary>A personalizer that can only observe and recommend; its catalogue is fixed.</summary>
internal abstract class PersonalizerDouble : IPersonalizer
{
    public abstract Task<Observed> ObserveAsync(Interaction interaction, CancellationToken cancellation);

    public abstract Task<Recommended> RecommendAsync(RecommendRequest request, CancellationToken cancellation);

    public Task<IReadOnlyList<ScenarioView>> ScenariosAsync(CancellationToken cancellation) => throw new NotSupportedException();

    public Task<DecisionView?> FindAsync(DecisionId id, CancellationToken cancellation) => throw new NotSupportedException();

    public Task<UserView?> UserAsync(UserId user, CancellationToken cancellation) => throw new NotSupportedException();

    public Source<UserFact, NotUsed> Export(UserId user) => throw new NotSupportedException();

    public Task<bool> DeleteAsync(UserId user, CancellationToken cancellation) => throw new NotSupportedException();

    public Task UpsertAsync(IReadOnlyList<Item> items, CancellationToken cancellation) => Task.CompletedTask;

    public Task<Item?> ItemAsync(ItemId item, CancellationToken cancellation) => throw new NotSupportedException();

    public Source<Decision, NotUsed> Decisions(int buffer) => throw new NotSupportedException();

    public Source<DecisionOutcome, NotUsed> Outcomes(int buffer) => throw new NotSupportedException();

    public Task PublishAsync(CancellationToken cancellation) => throw new NotSupportedException();
}
