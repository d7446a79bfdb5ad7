using AptRl.Actors.Hosting;
using AptRl.Actors.Inspection;
using AptRl.Model.Events;
using AptRl.Model.Ingest;

namespace AptRl.Actors.Operators.Palettes;

/// <summary>Whom the shop knows.</summary>
public static class UserPalette
{
    private static readonly CommandArgument Who = CommandArgument.Mandatory("user", "name of the user");

    /// <summary><c>user find</c>, <c>show</c>, <c>delete</c>.</summary>
    public static CommandPalette Palette { get; } = new(
        "user",
        CommandDefinition.Of(
            "find", "users whose names begin so", Find,
            CommandArgument.Optional("beginning", "how the name begins; case counts; all if not said"), CommandArgument.Number("lines", "users at most, 1 to 100; 20 if not said")),
        CommandDefinition.Of("show", "what is known of a user", ShowAsync, Who),
        CommandDefinition.Of(
            "delete", "deletes a user; the name twice, to be sure", DeleteAsync,
            Who, CommandArgument.Mandatory("again", "the name again")));

    /// <summary><c>window</c>.</summary>
    public static CommandPalette Window { get; } = new(
        "window", CommandDefinition.Of("", "the window that the encoder sees, oldest first", WindowAsync, Who));

    private static Task<CommandAnswer> Find(CommandCall call) => Task.FromResult(CommandAnswer.Table(
        call.Of<JournalUsers>().Find(call.Find("beginning") ?? "", call.Number("lines", 20, 1, JournalUsers.CountMax)), ("user", user => user.Value)));

    private static async Task<CommandAnswer> ShowAsync(CommandCall call)
    {
        var view = await ViewAsync(call).ConfigureAwait(false);
        return CommandAnswer.Facts(
            ("user", view.User.Value), ("touches", view.Window.Count), ("sessions", view.Sessions), ("accepted", view.Accepted), ("late", view.Late),
            ("rewards joined", view.RewardsJoined), ("decisions", view.DecisionCount), ("newest decision", view.RecentDecisions is [.., var newest] ? newest.Value : null), ("window hash", view.WindowHash));
    }

    private static async Task<CommandAnswer> WindowAsync(CommandCall call) => CommandAnswer.Table(
        (await ViewAsync(call).ConfigureAwait(false)).Window,
        ("time", touch => touch.At), ("type", touch => KindNames.Of(touch.Kind)), ("item", touch => touch.Item?.Value), ("event", touch => touch.Id.Value));

    private static async Task<CommandAnswer> DeleteAsync(CommandCall call)
    {
        if (call.Text("user") != call.Text("again"))
        {
            throw new CommandException($"'{call.Text("user")}' and '{call.Text("again")}' are not the same name: nothing was deleted");
        }

        var user = UserOf(call);
        return await call.Of<IPersonalizer>().DeleteAsync(user, call.Cancellation).ConfigureAwait(false)
            ? CommandAnswer.Facts(("deleted", user.Value))
            : throw Unknown(user);
    }

    private static async Task<UserView> ViewAsync(CommandCall call)
    {
        var user = UserOf(call);
        return await call.Of<IPersonalizer>().UserAsync(user, call.Cancellation).ConfigureAwait(false) ?? throw Unknown(user);
    }

    /// <summary>The user that a command names.</summary>
    /// <exception cref="CommandException">That is no name.</exception>
    public static UserId UserOf(CommandCall call)
        => Identifier.Fault(call.Text("user"), "user id") is { } fault ? throw new CommandException(fault, isMisuse: true) : new UserId(call.Text("user"));

    private static CommandException Unknown(UserId user)
        => new($"nothing is known of user '{user}': a user is known from the first event or recommendation on");
}
