using AptRl.Model.Events;

namespace AptRl.Actors.Streams;

/// <summary>Runs work of different users at the same time, and work of one user one after another in the order given.</summary>
/// <remarks>Holds one entry a user with work under way, so it is as bounded as whoever hands it work. Not for several threads at once.</remarks>
public sealed class InOrderPerUser
{
    private readonly Dictionary<UserId, Task> _last = [];

    /// <summary>Runs the work when all that was given before it for the same user has ended.</summary>
    public Task<T> Run<T>(UserId user, Func<Task<T>> work)
    {
        if (_last.Count > 1_024)
        {
            foreach (var done in _last.Where(pair => pair.Value.IsCompleted).Select(pair => pair.Key).ToList())
            {
                _last.Remove(done);
            }
        }

        var task = _last.TryGetValue(user, out var last) && !last.IsCompleted ? AfterAsync(last, work) : work();
        _last[user] = task;
        return task;
    }

    private static async Task<T> AfterAsync<T>(Task last, Func<Task<T>> work)
    {
        await last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await work().ConfigureAwait(false);
    }
}
