using AptRl.Actors.Agents;
using AptRl.Actors.Clustering;
using AptRl.Actors.Hosting;
using AptRl.Actors.Serialization.Wire;
using AptRl.Actors.Users;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using Google.Protobuf;

namespace AptRl.Actors.Serialization;

/// <summary>The messages between nodes as wire messages.</summary>
internal static class MessageWire
{
    public static IMessage ToWire(object message) => message switch
    {
        Observe observe => Traced(new ObserveMessage { Interaction = UserWire.ToWire(observe.Interaction) }, observe.Trace, (wire, trace) => wire.Trace = trace),
        Observed observed => ToWire(observed),
        Recommend recommend => Traced(ToWire(recommend.Request), recommend.Trace, (wire, trace) => wire.Trace = trace),
        Recommended recommended => ToWire(recommended),
        DecisionOf of => new DecisionOfMessage { Id = of.Id.Value },
        FoundDecision found => ToWire(found),
        UserOf of => new UserOfMessage { User = of.User.Value },
        UserView view => ToWire(view),
        Delete delete => ToWire(delete),
        Deleted deleted => new DeletedMessage { WasKnown = deleted.WasKnown },
        Retire => new RetireMessage(),
        Teach teach => Traced(
            new TeachMessage { User = teach.User.Value, Settled = teach.Settled, Lessons = { teach.Lessons.Select(UserWire.ToWire) } },
            teach.Trace, (wire, trace) => wire.Trace = trace),
        Taken taken => new TakenMessage { Scenario = taken.Scenario.Value, Through = taken.Through },
        Forget forget => new ForgetMessage { User = forget.User.Value, Through = forget.Through },
        Forgotten forgotten => new ForgottenMessage { Scenario = forgotten.Scenario.Value },
        Publish => new PublishMessage(),
        Published published => new PublishedMessage { Version = published.Version },
        LearnerStatus => new LearnerStatusMessage(),
        LearnerView view => ToWire(view),
        Upsert upsert => Traced(new UpsertMessage { Items = { upsert.Items.Select(LearnerWire.ToWire) } }, upsert.Trace, (wire, trace) => wire.Trace = trace),
        Upserted upserted => new UpsertedMessage { Entry = upserted.Entry },
        CatalogueFull => new CatalogueFullMessage(),
        CatalogueBusy => new CatalogueBusyMessage(),
        Follow follow => new FollowMessage { Writer = follow.Writer },
        Standing standing => new StandingMessage { Writer = standing.Writer, Entry = standing.Entry },
        EntryTold told => new EntryToldMessage { Writer = told.Writer, Entry = told.Entry, Manifest = told.Manifest, Fact = ByteString.CopyFrom(told.Fact.AsSpan()) },
        ShopOf => new ShopOfMessage(),
        Shop shop => new ShopMessage { Encoder = shop.Encoder, Scenarios = shop.Scenarios, IsMember = shop.IsMember },
        _ => throw new ArgumentException($"{message.GetType()} is no message between nodes"),
    };

    public static Observe FromWire(ObserveMessage message) => new(UserWire.FromWire(message.Interaction)) { Trace = message.HasTrace ? message.Trace : null };

    public static Observed FromWire(ObservedMessage message) => new(
        new EventId(message.Id), (ObserveStatus)message.Status, message.RewardsJoined,
        message.HasCode ? message.Code : null, message.HasReason ? message.Reason : null);

    public static Recommend FromWire(RecommendMessage message) => new(new RecommendRequest(
        new UserId(message.User), new ScenarioId(message.Scenario), message.RequestId, UserWire.FromTicks(message.AtTicks), message.Count,
        [.. message.Candidates.Select(item => new ItemId(item))], [.. message.Exclude.Select(item => new ItemId(item))],
        message.HasCategory ? message.Category : null)) { Trace = message.HasTrace ? message.Trace : null };

    public static Recommended FromWire(RecommendedMessage message)
        => new(message.Decision is { } decision ? UserWire.FromWire(decision) : null, (Refusal)message.Refusal, message.HasReason ? message.Reason : null);

    public static DecisionOf FromWire(DecisionOfMessage message) => new(UserWire.ToDecisionId(message.Id));

    public static FoundDecision FromWire(FoundDecisionMessage message) => new(message.Decision is not { } decision ? null : new DecisionView(
        UserWire.FromWire(decision),
        [.. message.Rewards.Select(reward => new EarnedReward(reward.Position, (RewardType)reward.Type, new EventId(reward.By), reward.Amount))]));

    public static UserOf FromWire(UserOfMessage message) => new(new UserId(message.User));

    public static UserView FromWire(UserViewMessage message) => new(
        new UserId(message.User), [.. message.Window.Select(UserWire.FromWire)], message.Sessions, message.Accepted, message.Late,
        message.RewardsJoined, message.DecisionCount, [.. message.RecentDecisions.Select(UserWire.ToDecisionId)], message.WindowHash);

    private static DeleteMessage ToWire(Delete delete)
    {
        var wire = new DeleteMessage { User = delete.User.Value };
        if (delete.Through is { } through)
        {
            wire.Through = through;
        }

        return wire;
    }

    public static Delete FromWire(DeleteMessage message) => new(new UserId(message.User), message.HasThrough ? message.Through : null);

    public static Teach FromWire(TeachMessage message)
        => new(new UserId(message.User), message.Settled, [.. message.Lessons.Select(UserWire.FromWire)]) { Trace = message.HasTrace ? message.Trace : null };

    public static Taken FromWire(TakenMessage message) => new(new ScenarioId(message.Scenario), message.Through);

    public static Forget FromWire(ForgetMessage message) => new(new UserId(message.User), message.Through);

    public static Forgotten FromWire(ForgottenMessage message) => new(new ScenarioId(message.Scenario));

    public static LearnerView FromWire(LearnerViewMessage message) => new(
        message.Version, message.Decisions, message.Rewards, message.Lessons, message.Updates, message.Hash, message.HasEncoder ? message.Encoder : null);

    public static Upsert FromWire(UpsertMessage message)
        => new([.. message.Items.Select(LearnerWire.FromWire)]) { Trace = message.HasTrace ? message.Trace : null };

    public static Standing FromWire(StandingMessage message) => new(message.Writer, message.Entry);

    public static EntryTold FromWire(EntryToldMessage message) => new(message.Writer, message.Entry, message.Manifest, [.. message.Fact.Span]);

    public static Shop FromWire(ShopMessage message) => new(message.Encoder, message.Scenarios, message.IsMember);

    private static TMessage Traced<TMessage>(TMessage message, string? trace, Action<TMessage, string> write)
    {
        if (trace is not null)
        {
            write(message, trace);
        }

        return message;
    }

    private static ObservedMessage ToWire(Observed observed)
    {
        var message = new ObservedMessage { Id = observed.Id.Value, Status = (int)observed.Status, RewardsJoined = observed.RewardsJoined };
        if (observed is { Code: { } code, Reason: { } reason })
        {
            (message.Code, message.Reason) = (code, reason);
        }

        return message;
    }

    private static RecommendMessage ToWire(RecommendRequest request)
    {
        var message = new RecommendMessage
        {
            User = request.User.Value,
            Scenario = request.Scenario.Value,
            RequestId = request.RequestId,
            AtTicks = request.At.UtcTicks,
            Count = request.Count,
            Candidates = { request.Candidates.Select(item => item.Value) },
            Exclude = { request.Exclude.Select(item => item.Value) },
        };
        if (request.Category is { } category)
        {
            message.Category = category;
        }

        return message;
    }

    private static RecommendedMessage ToWire(Recommended recommended)
    {
        var message = new RecommendedMessage
        {
            Decision = recommended.Decision is { } decision ? UserWire.ToWire(decision) : null,
            Refusal = (int)recommended.Refusal,
        };
        if (recommended.Reason is { } reason)
        {
            message.Reason = reason;
        }

        return message;
    }

    private static FoundDecisionMessage ToWire(FoundDecision found)
    {
        var message = new FoundDecisionMessage();
        if (found.View is { } view)
        {
            message.Decision = UserWire.ToWire(view.Decision);
            message.Rewards.Add(view.Rewards.Select(reward => new EarnedRewardMessage
            {
                Position = reward.Position, Type = (int)reward.Type, By = reward.By.Value, Amount = reward.Amount,
            }));
        }

        return message;
    }

    private static UserViewMessage ToWire(UserView view) => new()
    {
        User = view.User.Value,
        Window = { view.Window.Select(UserWire.ToWire) },
        Sessions = view.Sessions,
        Accepted = view.Accepted,
        Late = view.Late,
        RewardsJoined = view.RewardsJoined,
        DecisionCount = view.DecisionCount,
        RecentDecisions = { view.RecentDecisions.Select(id => id.Value) },
        WindowHash = view.WindowHash,
    };

    private static LearnerViewMessage ToWire(LearnerView view)
    {
        var message = new LearnerViewMessage
        {
            Version = view.Version, Decisions = view.Decisions, Rewards = view.Rewards, Lessons = view.Lessons, Updates = view.Updates, Hash = view.Hash,
        };
        if (view.Encoder is { } encoder)
        {
            message.Encoder = encoder;
        }

        return message;
    }
}
