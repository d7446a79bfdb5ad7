using System.Data.Common;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Akka.Actor;
using AptRl.Actors.Persistence;

namespace AptRl.Actors.Operators;

/// <summary>What passes between a node and <c>aptrl console</c>, as JSON text: a host of one's own needs two routes and this.</summary>
/// <remarks>
/// <c>GET /v1/console</c> answers <see cref="Describe"/>; <c>POST /v1/console</c> takes <c>{"words":[…],"confirmed":false}</c> and
/// answers the lines of <see cref="RunAsync"/> as <c>application/x-ndjson</c>: <c>{"heads","rows","json"}</c> each, or
/// <c>{"fault","misuse"}</c> as the last one. Members are added, never changed.
/// </remarks>
public static class OperatorWire
{
    /// <summary>Characters of a command at most.</summary>
    public const int CommandMax = 16_384;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerOptions.Web) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The palettes, for completion and help.</summary>
    public static string Describe(OperatorDesk desk) => JsonSerializer.Serialize(
        new
        {
            palettes = desk.Palettes.Select(palette => new
            {
                palette.Module,
                commands = palette.Commands.Select(command => new
                {
                    command.Name,
                    command.Help,
                    tail = command.IsTail,
                    command.Confirmation,
                    arguments = command.Arguments.Select(argument => new { argument.Usage, argument.Switch, argument.Help }),
                }),
            }),
        },
        Json);

    /// <summary>Carries out a command; each answer is a line.</summary>
    public static async IAsyncEnumerable<string> RunAsync(OperatorDesk desk, string command, [EnumeratorCancellation] CancellationToken cancellation = default)
    {
        var answers = AnswersAsync(desk, command, cancellation).GetAsyncEnumerator(cancellation);
        await using var _ = answers.ConfigureAwait(false);
        while (true)
        {
            string? line;
            try
            {
                line = await answers.MoveNextAsync().ConfigureAwait(false) ? LineOf(answers.Current) : null;
            }
            catch (CommandException refused)
            {
                line = Fault(refused.Message, refused.IsMisuse);
            }
            catch (AskTimeoutException fault)
            {
                line = Fault(fault is JournalAwayException ? fault.Message : "an actor did not answer in time: ask again", isMisuse: false);
            }
            catch (DbException fault)
            {
                line = Fault($"the journal cannot be read: {fault.Message}", isMisuse: false);
            }
            catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
            {
                line = null;
            }

            if (line is null)
            {
                yield break;
            }

            yield return line;
        }
    }

    private static async IAsyncEnumerable<CommandAnswer> AnswersAsync(
        OperatorDesk desk, string command, [EnumeratorCancellation] CancellationToken cancellation)
    {
        Command asked;
        try
        {
            asked = command.Length <= CommandMax
                ? JsonSerializer.Deserialize<Command>(command, Json) ?? new Command([])
                : throw new CommandException($"a command of {command.Length} characters, at most {CommandMax} are allowed", isMisuse: true);
        }
        catch (JsonException fault)
        {
            throw new CommandException($"the command is no JSON of {{\"words\":[…]}}: {fault.Message}", isMisuse: true);
        }

        await foreach (var answer in desk.RunAsync(asked.Words ?? [], asked.Confirmed, cancellation).ConfigureAwait(false))
        {
            yield return answer;
        }
    }

    private static string LineOf(CommandAnswer answer)
        => new JsonObject
        {
            ["heads"] = JsonSerializer.SerializeToNode(answer.Heads, Json),
            ["rows"] = JsonSerializer.SerializeToNode(answer.Rows, Json),
            ["json"] = answer.Json?.DeepClone(),
        }.ToJsonString(Json);

    private static string Fault(string text, bool isMisuse) => JsonSerializer.Serialize(new { fault = text, misuse = isMisuse }, Json);

    private sealed record Command(IReadOnlyList<string>? Words, bool Confirmed = false);
}
