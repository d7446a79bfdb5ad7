using Akka.Actor;
using AptRl.Actors.Users;
using AptRl.Model.Events;

namespace AptRl.Actors.Inspection;

/// <summary>Finds users of whom nothing was written for long, a part of the journal at a time.</summary>
/// <remarks>
/// Goes through the journal in its own order, from the oldest fact to the moment that is asked about, and begins again when it is
/// there. So however long the journal is, one look reads a bounded number of rows. Not for several threads at once.
/// </remarks>
public sealed class QuietUsers(ActorSystem system)
{
    private long _through;

    /// <summary>Looks at the next rows.</summary>
    /// <param name="before">Users of whom nothing was written from this moment on.</param>
    /// <param name="rows">Rows that are looked at, at most.</param>
    /// <returns>The users with the number of their newest fact, and whether there is more to look at before this moment.</returns>
    public (IReadOnlyList<(UserId User, long Newest)> Users, bool HasMore) Next(DateTimeOffset before, int rows)
    {
        using var connection = JournalReading.Open(system);
        var (names, seen) = (new HashSet<string>(StringComparer.Ordinal), 0);
        using (var command = connection.CreateCommand())
        {
            command.CommandText = "SELECT ordering, persistence_id, created, deleted FROM journal WHERE ordering > @through ORDER BY ordering LIMIT @rows";
            command.Add("@through", _through);
            command.Add("@rows", rows);
            using var reader = command.ExecuteReader();
            while (reader.Read() && reader.GetInt64(2) < before.UtcTicks)
            {
                (_through, seen) = (reader.GetInt64(0), seen + 1);
                if (!reader.GetBoolean(3) && reader.GetString(1) is var name && name.StartsWith(UserActor.Prefix, StringComparison.Ordinal))
                {
                    names.Add(name);
                }
            }
        }

        var hasMore = seen == rows;
        _through = hasMore ? _through : 0;
        using var newest = connection.CreateCommand();
        newest.CommandText = "SELECT sequence_number, created FROM journal WHERE persistence_id = @name ORDER BY sequence_number DESC LIMIT 1";
        var asked = newest.Add("@name", "");
        return ([.. names.Select(NewestOf).Where(one => one.Created < before.UtcTicks).Select(one => (one.User, one.Number))], hasMore);

        (UserId User, long Number, long Created) NewestOf(string name)
        {
            asked.Value = name;
            using var row = newest.ExecuteReader();
            return row.Read() ? (UserActor.UserOf(name), row.GetInt64(0), row.GetInt64(1)) : (UserActor.UserOf(name), 0, long.MaxValue);
        }
    }
}
