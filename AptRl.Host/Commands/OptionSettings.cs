using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using AptRl.Model.Encoding;
using AptRl.Model.Training;

namespace AptRl.Host.Commands;

/// <summary>Options of encoder and training by their names, as <c>NAME=VALUE</c>.</summary>
internal static class OptionSettings
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
    };

    /// <summary>Every name, in camel case.</summary>
    public static string Names { get; } = string.Join(", ", NamesOf<EncoderOptions>().Concat(NamesOf<TrainingOptions>()));

    /// <summary>The options with these settings in the place of what they had; of a name given twice the last counts.</summary>
    /// <exception cref="UserErrorException">A name is unknown, or a value is of the wrong kind.</exception>
    public static (EncoderOptions Shape, TrainingOptions Options) Apply(EncoderOptions shape, TrainingOptions options, IEnumerable<string> settings)
    {
        foreach (var setting in settings)
        {
            var (name, value) = setting.Split('=', 2) is [var left, var right] ? (left.Trim(), right.Trim())
                : throw Wrong(setting, $"write NAME=VALUE, where NAME is one of {Names}");
            (shape, options) = Named<EncoderOptions>(name) is { } ofShape ? (With(shape, ofShape, value, setting), options)
                : Named<TrainingOptions>(name) is { } ofTraining ? (shape, With(options, ofTraining, value, setting))
                : throw Wrong(setting, $"there is no '{name}'; there are {Names}");
        }

        return (shape, options);
    }

    private static T With<T>(T options, string name, string value, string setting)
    {
        var json = JsonSerializer.SerializeToNode(options, Json)!;

        // Numbers are read from text too, but not what is true or false.
        json[name] = bool.TryParse(value, out var isSo) ? JsonValue.Create(isSo) : JsonValue.Create(value);
        try
        {
            return json.Deserialize<T>(Json)!;
        }
        catch (JsonException)
        {
            throw Wrong(setting, $"'{value}' is not {Wanted(typeof(T).GetProperties().First(property => Is(property.Name, name)).PropertyType)}");
        }
    }

    private static string Wanted(Type type)
        => type.IsEnum ? $"one of {string.Join(", ", Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName))}"
            : type == typeof(bool) ? "true or false"
            : type == typeof(double) ? "a number"
            : "a whole number that fits";

    private static string? Named<T>(string name) => NamesOf<T>().FirstOrDefault(known => Is(known, name));

    private static bool Is(string known, string name) => string.Equals(known, name, StringComparison.OrdinalIgnoreCase);

    private static IEnumerable<string> NamesOf<T>() => typeof(T).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name));

    private static UserErrorException Wrong(string setting, string why) => new($"--set {setting}: {why}", Cli.Usage);
}
