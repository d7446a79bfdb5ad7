using System.Collections.Immutable;
using AptRl.Actors.Serialization.Wire;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Model.Windows;
using Google.Protobuf;

namespace AptRl.Actors.Serialization;

/// <summary>The facts of a user as wire messages.</summary>
internal static class UserWire
{
    public static DateTimeOffset FromTicks(long ticks) => new(ticks, TimeSpan.Zero);

    public static InteractionAcceptedMessage ToWire(InteractionAccepted accepted) => new()
    {
        Interaction = ToWire(accepted.Interaction),
        Taught = { accepted.Taught.Select(scenario => scenario.Value) },
        Rewards = { accepted.Rewards.Select(ToWire) },
    };

    public static InteractionAccepted FromWire(InteractionAcceptedMessage message) => new(
        FromWire(message.Interaction),
        [.. message.Taught.Select(scenario => new ScenarioId(scenario))],
        [.. message.Rewards.Select(FromWire)]);

    public static LessonsSettled FromWire(LessonsSettledMessage message) => new(new ScenarioId(message.Scenario), message.Through);

    public static DecisionMessage ToWire(Decision decision)
    {
        var message = new DecisionMessage
        {
            Id = decision.Id.Value,
            Scenario = decision.Scenario.Value,
            RequestId = decision.RequestId,
            AtTicks = decision.At.UtcTicks,
            Policy = decision.Policy,
            PolicyVersion = decision.PolicyVersion,
            ModelVersion = decision.ModelVersion,
            Gamma = decision.Gamma,
            Exploration = (int)decision.Rule.Kind,
            Floor = decision.Rule.Floor,
            Orders = { decision.Orders },
            Groups = { decision.Groups },
            GroupMax = decision.GroupMax,
        };
        if (decision.PolicyAge is { } age)
        {
            message.PolicyAgeTicks = age.Ticks;
        }

        if (decision.Value is { } value)
        {
            message.Value = value;
        }

        if (decision.Rule.Cap < 1)
        {
            message.Cap = decision.Rule.Cap;
        }

        if (decision.SeenThrough is { } seen)
        {
            message.SeenThroughTicks = seen.UtcTicks;
        }

        foreach (var shown in decision.Slate)
        {
            message.Slate.Add(new ShownMessage
            {
                Item = shown.Item.Value,
                Score = shown.Score,
                Propensity = shown.Propensity,
                Explored = shown.Explored,
                Features = ByteString.CopyFrom(shown.Features.AsBytes()),
            });
        }

        foreach (var candidate in decision.Candidates)
        {
            message.CandidateItems.Add(candidate.Item.Value);
            message.CandidateScores.Add(candidate.Score);
        }

        foreach (var filtered in decision.Filters)
        {
            message.Filters.Add(filtered.Filter);
            message.FilterCounts.Add(filtered.Count);
            message.FilterItems.Add(filtered.Items.Select(item => item.Value));
            message.FilterItemCounts.Add(filtered.Items.Length);
        }

        return message;
    }

    public static Decision FromWire(DecisionMessage message)
    {
        var id = ToDecisionId(message.Id);
        return new Decision(
            id, id.User, new ScenarioId(message.Scenario), message.RequestId, FromTicks(message.AtTicks),
            message.HasSeenThroughTicks ? FromTicks(message.SeenThroughTicks) : null,
            message.Policy, message.PolicyVersion, message.ModelVersion, message.Gamma,
            [.. message.Slate.Select(shown => new Shown(
                new ItemId(shown.Item), shown.Score, shown.Propensity, shown.Explored, FeatureVector.FromBytes(shown.Features.Span)))],
            [.. message.CandidateItems.Zip(message.CandidateScores, (item, score) => new Candidate(new ItemId(item), score))],
            FiltersOf(message))
        {
            Rule = new ExplorationRule((ExplorationKind)message.Exploration, message.Floor, message.HasCap ? message.Cap : 1),
            Orders = [.. message.Orders],
            Groups = [.. message.Groups],
            GroupMax = message.GroupMax,
            Value = message.HasValue ? message.Value : null,
            PolicyAge = message.HasPolicyAgeTicks ? TimeSpan.FromTicks(message.PolicyAgeTicks) : null,
        };
    }

    private static ImmutableArray<Filtered> FiltersOf(DecisionMessage message)
    {
        var filters = ImmutableArray.CreateBuilder<Filtered>(message.Filters.Count);
        var taken = 0;
        for (var at = 0; at < message.Filters.Count; at++)
        {
            // Decisions of before the items were kept have counts alone.
            var named = at < message.FilterItemCounts.Count ? message.FilterItemCounts[at] : 0;
            filters.Add(new Filtered(
                message.Filters[at], message.FilterCounts[at], [.. message.FilterItems.Skip(taken).Take(named).Select(item => new ItemId(item))]));
            taken += named;
        }

        return filters.MoveToImmutable();
    }

    public static LessonMessage ToWire(Lesson lesson)
    {
        var message = new LessonMessage { Number = lesson.Number, AtTicks = lesson.At.UtcTicks };
        if (lesson.By is { } by)
        {
            message.By = by.Value;
        }

        if (lesson.Encoder is { } encoder)
        {
            message.Encoder = encoder;
        }

        foreach (var touched in lesson.Touched)
        {
            var item = new TouchedItemMessage { Item = touched.Item.Value, Kind = (int)touched.Kind, AtTicks = touched.At.UtcTicks };
            if (touched.Previous is { } previous)
            {
                item.Previous = previous.Value;
            }

            if (touched.Session is { } session)
            {
                item.Session = session;
            }

            message.Touched.Add(item);
        }

        message.Shown.Add(lesson.Shown.Select(ToWire));
        message.Slate.Add(lesson.Slate.Select(ToWire));
        message.Following.Add(lesson.Following.Select(ToWire));

        foreach (var rewarded in lesson.Rewarded)
        {
            message.Rewarded.Add(new RewardedItemMessage
            {
                Item = rewarded.Item.Value,
                Features = ByteString.CopyFrom(rewarded.Features.AsBytes()),
                Type = (int)rewarded.Type,
                Amount = rewarded.Amount,
            });
        }

        return message;
    }

    public static Lesson FromWire(LessonMessage message) => new(
        message.Number,
        FromTicks(message.AtTicks),
        message.HasBy ? new EventId(message.By) : null,
        [.. message.Touched.Select(touched => new TouchedItem(
            new ItemId(touched.Item), touched.HasPrevious ? new ItemId(touched.Previous) : null, (InteractionKind)touched.Kind, FromTicks(touched.AtTicks),
            touched.HasSession ? touched.Session : null))],
        [.. message.Shown.Select(FromWire)],
        [.. message.Rewarded.Select(rewarded => new RewardedItem(
            new ItemId(rewarded.Item), FeatureVector.FromBytes(rewarded.Features.Span), (RewardType)rewarded.Type, rewarded.Amount))])
    {
        Slate = [.. message.Slate.Select(FromWire)],
        Following = [.. message.Following.Select(FromWire)],
        Encoder = message.HasEncoder ? message.Encoder : null,
    };

    public static UserTimelineMessage ToWire(UserTimelineImage image)
    {
        var message = new UserTimelineMessage
        {
            User = image.User.Value,
            EventIds = { image.EventIds.Select(id => id.Value) },
            Sessions = image.Sessions,
            Accepted = image.Accepted,
            RewardsJoined = image.RewardsJoined,
            DecisionCount = image.DecisionCount,
        };
        if (image.NewestAt is { } newest)
        {
            message.NewestAtTicks = newest.UtcTicks;
        }

        if (image.Session is { } session)
        {
            message.Session = session;
        }

        message.Touches.Add(image.Touches.Select(ToWire));
        foreach (var remembered in image.Decisions)
        {
            message.Decisions.Add(new RememberedDecisionMessage
            {
                Decision = ToWire(remembered.Decision),
                Rewards = { remembered.Rewards.Select(reward => new RewardByMessage { Reward = ToWire(reward.Reward), By = reward.By.Value }) },
                Session = remembered.Session,
            });
        }

        foreach (var outbox in image.Outboxes)
        {
            message.Outboxes.Add(new OutboxMessage
            {
                Scenario = outbox.Scenario.Value,
                Next = outbox.Next,
                Settled = outbox.Settled,
                Lessons = { outbox.Lessons.Select(ToWire) },
            });
        }

        return message;
    }

    public static UserTimelineImage FromWire(UserTimelineMessage message) => new(
        new UserId(message.User),
        [.. message.Touches.Select(FromWire)],
        [.. message.EventIds.Select(id => new EventId(id))],
        [.. message.Decisions.Select(remembered => new RememberedDecision(
            FromWire(remembered.Decision),
            [.. remembered.Rewards.Select(reward => new RewardBy(FromWire(reward.Reward), new EventId(reward.By)))],
            remembered.Session))],
        [.. message.Outboxes.Select(outbox => new OutboxImage(
            new ScenarioId(outbox.Scenario), outbox.Next, outbox.Settled, [.. outbox.Lessons.Select(FromWire)]))],
        message.HasNewestAtTicks ? FromTicks(message.NewestAtTicks) : null,
        message.HasSession ? message.Session : null,
        message.Sessions, message.Accepted, message.RewardsJoined, message.DecisionCount);

    public static TouchMessage ToWire(Touch touch)
    {
        var message = new TouchMessage { Id = touch.Id.Value, Kind = (int)touch.Kind, AtTicks = touch.At.UtcTicks };
        if (touch.Item is { } named)
        {
            message.Item = named.Value;
        }

        return message;
    }

    public static Touch FromWire(TouchMessage touch)
        => new(new EventId(touch.Id), touch.HasItem ? new ItemId(touch.Item) : null, (InteractionKind)touch.Kind, FromTicks(touch.AtTicks));

    private static ShownItemMessage ToWire(ShownItem shown)
        => new() { Item = shown.Item.Value, Features = ByteString.CopyFrom(shown.Features.AsBytes()), Propensity = shown.Propensity };

    private static ShownItem FromWire(ShownItemMessage shown)
        => new(new ItemId(shown.Item), FeatureVector.FromBytes(shown.Features.Span)) { Propensity = shown.Propensity };

    public static InteractionMessage ToWire(Interaction interaction)
    {
        var message = new InteractionMessage
        {
            Id = interaction.Id.Value,
            User = interaction.User.Value,
            Kind = (int)interaction.Kind,
            AtTicks = interaction.At.UtcTicks,
            Items = { interaction.Items.Select(item => item.Value) },
        };
        if (interaction.Session is { } session)
        {
            message.Session = session;
        }

        if (interaction.Value is { } value)
        {
            message.Value = value;
        }

        if (interaction.RecommendationId is { } recommendation)
        {
            message.RecommendationId = recommendation;
        }

        if (interaction.Position is { } position)
        {
            message.Position = position;
        }

        if (interaction.Query is { } query)
        {
            message.Query = query;
        }

        return message;
    }

    public static Interaction FromWire(InteractionMessage message) => new(
        new EventId(message.Id), new UserId(message.User), (InteractionKind)message.Kind, FromTicks(message.AtTicks),
        [.. message.Items.Select(item => new ItemId(item))],
        message.HasSession ? message.Session : null,
        message.HasValue ? message.Value : null,
        message.HasRecommendationId ? message.RecommendationId : null,
        message.HasPosition ? message.Position : null,
        message.HasQuery ? message.Query : null);

    private static JoinedRewardMessage ToWire(JoinedReward reward)
        => new() { Decision = reward.Decision.Value, Position = reward.Position, Type = (int)reward.Type, Amount = reward.Amount };

    private static JoinedReward FromWire(JoinedRewardMessage message)
        => new(ToDecisionId(message.Decision), message.Position, (RewardType)message.Type, message.Amount);

    public static DecisionId ToDecisionId(string text)
        => DecisionId.TryParse(text, out var id)
            ? id
            : throw new System.Runtime.Serialization.SerializationException($"'{text}' in the journal is no decision id: the journal is damaged; restore it from a backup");
}
