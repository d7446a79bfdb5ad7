using Akka.Actor;
using AptRl.Actors.Users;
using AptRl.Model.Events;

namespace AptRl.Actors.Inspection;

/// <summary>Finds users by the beginning of their names, in the journal's own index.</summary>
/// <remarks>One look into the index for each user found: it does not matter how many there are, or how long their journals.</remarks>
public sealed class JournalUsers(ActorSystem system)
{
    /// <summary>Users that one search tells at most.</summary>
    public const int CountMax = 100;

    /// <summary>The first users, in order of their names, that begin so; all where it is empty.</summary>
    /// <param name="beginning">How the name begins; case counts.</param>
    /// <param name="count">At most, up to <see cref="CountMax"/>.</param>
    public IReadOnlyList<UserId> Find(string beginning, int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, CountMax);
        var prefix = UserActor.Prefix + beginning;
        var found = new List<UserId>();
        using var connection = JournalReading.Open(system);
        using var command = connection.CreateCommand();

        // The next name after the last one found: neither database has a skip scan for DISTINCT with a LIMIT. Of a deleted user the
        // journal keeps a row that is marked as such, so that numbers go on where they were.
        command.CommandText = "SELECT persistence_id FROM journal WHERE persistence_id > @after AND persistence_id < @end AND NOT deleted ORDER BY persistence_id LIMIT 1";
        var after = command.Add("@after", Before(prefix));
        command.Add("@end", prefix + "\U0010FFFF");
        while (found.Count < count && command.ExecuteScalar() is string name)
        {
            found.Add(UserActor.UserOf(name));
            after.Value = name;
        }

        return found;
    }

    /// <summary>Users who are in the newest facts of the journal, in order of their names.</summary>
    /// <param name="facts">Facts looked at.</param>
    /// <param name="count">Users at most.</param>
    public IReadOnlyList<UserId> Newest(int facts, int count)
    {
        var found = new List<UserId>();
        using var connection = JournalReading.Open(system);
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT DISTINCT persistence_id
            FROM (SELECT persistence_id FROM journal WHERE NOT deleted ORDER BY ordering DESC LIMIT @facts) AS newest
            WHERE persistence_id LIKE @user ORDER BY persistence_id LIMIT @count
            """;
        command.Add("@facts", facts);
        command.Add("@user", UserActor.Prefix + "%");
        command.Add("@count", count);
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            found.Add(UserActor.UserOf(reader.GetString(0)));
        }

        return found;
    }

    // The user whose name is the beginning itself is found too: what is smaller than it and greater than all before.
    private static string Before(string prefix) => prefix[..^1] + (char)(prefix[^1] - 1) + "\U0010FFFF";
}
