using System.Collections.Immutable;
using AptRl.Model.Events;
using AptRl.Model.Windows;

namespace AptRl.Model.Segments;

/// <summary>One user's newest touches, out of a log.</summary>
/// <param name="User">Who.</param>
/// <param name="Touches">Oldest first; equal times in the log's order.</param>
public sealed record UserTouches(UserId User, ImmutableArray<Touch> Touches)
{
    /// <summary>Reads a log, in any order, once.</summary>
    /// <param name="log">What happened; what enters no window is left out.</param>
    /// <param name="touchesMax">Of a user's touches the newest so many are kept.</param>
    /// <returns>Users in ordinal order of their names.</returns>
    public static IReadOnlyList<UserTouches> Of(IEnumerable<Interaction> log, int touchesMax)
    {
        ArgumentNullException.ThrowIfNull(log);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(touchesMax);
        var users = new Dictionary<UserId, List<Touch>>();
        foreach (var interaction in log.Where(interaction => InteractionWindow.Takes(interaction.Kind)))
        {
            if (!users.TryGetValue(interaction.User, out var touches))
            {
                users.Add(interaction.User, touches = []);
            }

            touches.AddRange(interaction.Items.IsEmpty
                ? [new Touch(interaction.Id, null, interaction.Kind, interaction.At)]
                : interaction.Items.Select(item => new Touch(interaction.Id, item, interaction.Kind, interaction.At)));
            if (touches.Count > 2 * touchesMax)
            {
                users[interaction.User] = [.. Newest(touches, touchesMax)];
            }
        }

        return [.. users.OrderBy(user => user.Key.Value, StringComparer.Ordinal).Select(user => new UserTouches(user.Key, [.. Newest(user.Value, touchesMax)]))];
    }

    private static IEnumerable<Touch> Newest(List<Touch> touches, int count) => touches.OrderBy(touch => touch.At).TakeLast(count);
}
