using System.CommandLine;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AptRl.Host.Evaluate;
using AptRl.Model.Encoding;
using AptRl.Model.Ingest;
using AptRl.Model.Native;
using AptRl.Model.Segments;
using Spectre.Console;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl segments</c>: which kinds of shoppers a log has, named by what they do.</summary>
internal static class SegmentsCommand
{
    private static readonly SegmentOptions Defaults = new();
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly Option<string> Model = new("--model") { Description = "Encoder of aptrl train.", Required = true };

    private static readonly Option<string> Input = new("--input")
    {
        Description = "Log of events: .ndjson, .jsonl, .json, .csv or .tsv, each also with .gz.",
        Required = true,
    };

    private static readonly Option<string?> Columns = new("--columns")
    {
        Description = "Which column of a CSV or TSV file holds what: user=..,time=..,type=..,item=..",
    };

    private static readonly Option<int> Count = new("--count") { Description = "Segments to find.", DefaultValueFactory = _ => Defaults.Count };

    private static readonly Option<double> BehaviourWeight = new("--behaviour-weight")
    {
        Description = "How much behaviour counts beside the state, which says mostly which items are liked; 0 for states alone.",
        DefaultValueFactory = _ => Defaults.BehaviourWeight,
    };

    private static readonly Option<int> Seed = new("--seed") { Description = "The same seed on the same log gives the same segments.", DefaultValueFactory = _ => Defaults.Seed };

    private static readonly Option<string?> Assignments = new("--assignments") { Description = "File for the segment of every user, tab-separated." };

    private static readonly Option<string?> JsonFile = new("--json") { Description = "File for the result, for machines." };

    public static Command Create()
    {
        var command = new Command("segments", "Finds kinds of shoppers in a log and names them by what they do.")
        {
            Model, Input, Columns, Count, BehaviourWeight, Seed, Assignments, JsonFile,
        }.WithExamples(
            "aptrl segments --model shop.safetensors --input events.csv",
            "aptrl segments --model shop.safetensors --input events.tsv.gz --columns user=user,time=unix_seconds,type=event,item=item --count 4 --json segments.json",
            "aptrl segments --model shop.safetensors --input events.ndjson --assignments users.tsv");
        command.SetAction((arguments, cancellation) => Task.Run(() => Run(arguments, cancellation), cancellation));
        return command;
    }

    private static int Run(ParseResult arguments, CancellationToken cancellation)
    {
        var options = new SegmentOptions { Count = arguments.GetValue(Count), BehaviourWeight = arguments.GetValue(BehaviourWeight), Seed = arguments.GetValue(Seed) };
        try
        {
            options.Checked();
        }
        catch (ArgumentException fault)
        {
            throw new UserErrorException(fault.Message, Cli.Usage);
        }

        try
        {
            var error = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(arguments.InvocationConfiguration.Error) });
            TorchRuntime.UseThreads(Environment.ProcessorCount);
            using var model = EncoderModel.Load(arguments.GetValue(Model)!);
            var columns = arguments.GetValue(Columns) is { } text ? ColumnMapping.Parse(text) : null;
            var users = LogReading.Users(arguments.GetValue(Input)!, columns, options.TouchesMax, error, cancellation);
            error.Progress().Columns(new TaskDescriptionColumn(), new SpinnerColumn()).Start(progress =>
            {
                progress.AddTask($"{users.Count} users").IsIndeterminate = true;
                Tell(arguments, model, users, options);
            });
            return Cli.Done;
        }
        catch (IngestException fault)
        {
            throw new UserErrorException(fault.Message, fault.Code is IngestFault.BadMapping or IngestFault.UnknownExtension ? Cli.Usage : Cli.Failed);
        }
        catch (Exception fault) when (fault is InvalidDataException or IOException or UnauthorizedAccessException or DllNotFoundException or BadImageFormatException)
        {
            throw new UserErrorException(fault.Message);
        }
        catch (OperationCanceledException)
        {
            throw new UserErrorException("stopped: nothing was written");
        }
    }

    private static void Tell(ParseResult arguments, EncoderModel model, IReadOnlyList<UserTouches> users, SegmentOptions options)
    {
        // The log's own newest moment, so that the same log gives the same segments whenever it is read.
        var now = users.Count == 0 ? default : users.Max(user => user.Touches[^1].At);
        var segments = UserSegments.Fit(model, [.. users.Select(user => user.Touches)], now, options);
        if (arguments.GetValue(JsonFile) is { } file)
        {
            File.WriteAllText(file, ToJson(segments, users.Count, now).ToJsonString(Readable) + "\n");
        }

        if (arguments.GetValue(Assignments) is { } assignments)
        {
            var states = model.Encode([.. users.Select(user => user.Touches)]);
            File.WriteAllLines(assignments, users.Select((user, at) =>
            {
                var segment = segments.Assign(states[at], user.Touches, now);
                return $"{user.User.Value}\t{segment.Index}\t{segment.Name}";
            }).Prepend("user\tsegment\tname"));
        }

        Print(arguments.InvocationConfiguration.Output, segments);
    }

    private static JsonObject ToJson(UserSegments segments, int users, DateTimeOffset now) => new()
    {
        ["encoder"] = segments.EncoderVersion,
        ["users"] = users,
        ["fittedUsers"] = segments.Segments.Sum(segment => segment.Users),
        ["now"] = now,
        ["segments"] = new JsonArray([.. segments.Segments.Select(segment => new JsonObject
        {
            ["index"] = segment.Index,
            ["name"] = segment.Name,
            ["users"] = segment.Users,
            ["share"] = EvaluationEntry.Rounded(segment.Share),
            ["behaviours"] = new JsonObject(segment.Means.Select(behaviour => KeyValuePair.Create<string, JsonNode?>(
                JsonNamingPolicy.CamelCase.ConvertName(behaviour.Key.ToString()),
                new JsonObject { ["mean"] = EvaluationEntry.Rounded(behaviour.Value), ["distance"] = EvaluationEntry.Rounded(segment.Distances[behaviour.Key]) }))),
        })]),
    };

    private static void Print(TextWriter output, UserSegments segments)
    {
        foreach (var segment in segments.Segments)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{segment.Index}  {segment.Users,7} users  {100 * segment.Share,5:F1} %  {segment.Name}"));
        }
    }
}
