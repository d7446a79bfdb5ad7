using AptRl.Actors.Agents;
using AptRl.Actors.Clustering;
using AptRl.Actors.Hosting;
using AptRl.Actors.Users;
using AptRl.Model.Windows;

namespace AptRl.Tests.Simulator;

/// <summary>Messages and facts in the words of a trace.</summary>
internal static class Words
{
    public static string Of(object message) => message switch
    {
        Observe observe => $"Observe {observe.User} {observe.Interaction.Id} {observe.Interaction.Kind}",
        Observed observed => $"Observed {observed.Id} {observed.Status}",
        Recommend recommend => $"Recommend {recommend.User} {recommend.Request.RequestId}",
        Recommended recommended => $"Recommended {recommended.Decision?.Id.Value ?? recommended.Refusal.ToString()}",
        Delete delete => $"Delete {delete.User}",
        UserOf ask => $"UserOf {ask.User}",
        Teach teach => $"Teach {teach.User} {Numbers(teach.Lessons.Select(lesson => lesson.Number))}, settled {teach.Settled}",
        Taken taken => $"Taken {taken.Scenario} {taken.Through}",
        Forget forget => $"Forget {forget.User} {(forget.Through == long.MaxValue ? "in any case" : forget.Through)}",
        EntryTold told => $"EntryTold {told.Writer} {told.Entry}{(told.Fact.IsEmpty ? " by its number" : "")}",
        Standing standing => $"Standing {standing.Writer} {standing.Entry}",
        Follow follow => $"Follow {follow.Writer}",
        Upsert upsert => $"Upsert {upsert.Items.Length} items",
        InteractionAccepted accepted => $"InteractionAccepted {accepted.Interaction.Id} with {accepted.Rewards.Length} rewards",
        DecisionMade made => $"DecisionMade {made.Decision.RequestId} by policy {made.Decision.PolicyVersion}",
        LessonsSettled settled => $"LessonsSettled {settled.Scenario} {settled.Through}",
        LessonsLearned learned => $"LessonsLearned {string.Join(" ", learned.Lessons.GroupBy(lesson => lesson.User).Select(group => $"{group.Key} {Numbers(group.Select(lesson => lesson.Lesson.Number))}"))}"
            + $"{(learned.Forgotten.IsEmpty ? "" : $", forgets {string.Join(" ", learned.Forgotten)}")}{(learned.Publishes ? ", publishes" : "")}",
        _ => message.GetType().Name,
    };

    private static string Numbers(IEnumerable<long> numbers)
    {
        var all = numbers.ToList();
        return all.Count == 0 ? "none" : all.Count == 1 ? $"{all[0]}" : all[^1] - all[0] == all.Count - 1 ? $"{all[0]}–{all[^1]}" : string.Join(",", all);
    }
}
