using System.Collections.Immutable;
using System.Globalization;
using AptRl.Host.Commands;
using AptRl.Model.Learning;
using AptRl.Model.Policies;

namespace AptRl.Host.Configuration;

/// <summary>How scenarios learn, explore and reward, as it is written on a command line or in the configuration.</summary>
/// <param name="Learners"><c>[SCENARIO=]KIND</c>, separated by semicolons.</param>
/// <param name="Explorations"><c>[SCENARIO=]KIND[:SCALE][,floor=P][,cap=P]</c>, separated by semicolons.</param>
/// <param name="Rewards">A <see cref="RewardFile"/>; null leaves the default table.</param>
/// <param name="Diversities"><c>[SCENARIO:]category=N[,exposure=P]</c>, separated by semicolons.</param>
internal sealed record ScenarioSettings(string? Learners, string? Explorations, string? Rewards, string? Diversities = null)
{
    public static readonly string[] LearnerNames = ["ridge", "actor-critic", "deep-q"];

    private const int ExposureSlates = 1_000;

    private const StringSplitOptions Separated = StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries;

    /// <summary>The scenarios with what is said of each.</summary>
    /// <exception cref="UserErrorException">Something makes no sense or is said of a scenario that is not there.</exception>
    public ImmutableArray<ScenarioOptions> Applied(ImmutableArray<ScenarioOptions> scenarios)
    {
        var rewards = Rewards is null ? null : RewardFile.Read(Rewards);
        try
        {
            foreach (var (scenario, text) in Entries(Learners))
            {
                var kind = Array.IndexOf(LearnerNames, text) is >= 0 and var index
                    ? (LearnerKind)index
                    : throw new ArgumentException($"learner '{text}' is not one of {string.Join(", ", LearnerNames)}");
                scenarios = With(scenarios, scenario, options => options with { Learner = options.Learner with { Kind = kind } });
            }

            foreach (var (scenario, text) in Entries(Explorations))
            {
                var exploring = Parse(text);
                scenarios = With(scenarios, scenario, options => options with { Exploring = exploring });
            }

            foreach (var text in (Diversities ?? "").Split(';', Separated))
            {
                var parts = text.Split(':', 2, StringSplitOptions.TrimEntries);
                var diversity = ParseDiversity(parts[^1]);
                scenarios = With(scenarios, parts.Length == 1 ? null : parts[0], options => Bounded(options, diversity));
            }

            return
            [
                .. scenarios.Select(options => options with { Learner = options.Learner with { Rewards = rewards?.Of(options.Id) ?? options.Learner.Rewards } })
                    .Select(options => options.Checked()),
            ];
        }
        catch (ArgumentException error)
        {
            throw new UserErrorException($"learners '{Learners}', exploration '{Explorations}', diversity '{Diversities}': {error.Message}", Cli.Usage);
        }
    }

    /// <summary>Reads <c>category=N,exposure=P</c>, one or both.</summary>
    /// <exception cref="ArgumentException">It makes no sense.</exception>
    public static DiversityOptions ParseDiversity(string text)
    {
        var options = new DiversityOptions();
        foreach (var part in text.Split(',', Separated))
        {
            options = part.Split('=', 2, StringSplitOptions.TrimEntries) switch
            {
                ["category", var number] when int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var most) => options with { CategoryMax = most },
                ["exposure", var number] => options with { ExposureMax = NumberOf(number) },
                _ => throw new ArgumentException($"'{part}' is neither category=N nor exposure=P"),
            };
        }

        return options.Checked();
    }

    /// <summary>The scenario under these bounds, its learner counting what they need.</summary>
    public static ScenarioOptions Bounded(ScenarioOptions options, DiversityOptions diversity)
        => options with
        {
            Diversity = diversity,
            Learner = diversity.ExposureMax < 1 && options.Learner.ExposureSlates == 0 ? options.Learner with { ExposureSlates = ExposureSlates } : options.Learner,
        };

    private static IEnumerable<(string? Scenario, string Text)> Entries(string? text)
        => (text ?? "").Split(';', Separated).Select(entry =>
        {
            // A floor or a cap has an equals sign too, but only after a comma.
            var named = entry.Split(',', 2)[0].Split('=', 2, StringSplitOptions.TrimEntries);
            return named.Length == 1 ? ((string?)null, entry) : (named[0], entry[(entry.IndexOf('=', StringComparison.Ordinal) + 1)..].Trim());
        });

    private static ImmutableArray<ScenarioOptions> With(
        ImmutableArray<ScenarioOptions> scenarios, string? name, Func<ScenarioOptions, ScenarioOptions> change)
        => name is not null && scenarios.All(options => options.Id.Value != name)
            ? throw new ArgumentException($"there is no scenario '{name}': the scenarios are {string.Join(", ", scenarios.Select(options => options.Id))}")
            : [.. scenarios.Select(options => name is null || options.Id.Value == name ? change(options) : options)];

    private static ExplorationOptions Parse(string text)
    {
        var parts = text.Split(',', Separated);
        var kind = parts[0].Split(':', 2, StringSplitOptions.TrimEntries);
        var options = new ExplorationOptions
        {
            Kind = Model.Exploration.Explorations.Parse(kind[0]),
            Scale = kind.Length == 1 ? null : NumberOf(kind[1]),
        };
        foreach (var part in parts.Skip(1))
        {
            options = part.Split('=', 2, StringSplitOptions.TrimEntries) switch
            {
                ["floor", var number] => options with { Floor = NumberOf(number) },
                ["cap", var number] => options with { Cap = NumberOf(number) },
                _ => throw new ArgumentException($"'{part}' is neither floor=P nor cap=P"),
            };
        }

        return options.Checked();
    }

    private static double NumberOf(string text)
        => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : throw new ArgumentException($"'{text}' is not a number");
}
