namespace AptRl.Model.Segments;

/// <summary>Names a segment by what distinguishes it: at most three of its behaviours, those furthest from the average first.</summary>
/// <remarks>Of those that are about equally far, to a tenth, the one that comes first in <see cref="Behaviour"/>.</remarks>
internal static class BehaviourNames
{
    // In standard deviations of users: nearer than this to the average is no distinction.
    private const double LeastDistance = .35;
    private const int PhrasesMax = 3;
    private const string Average = "like the average";

    private static readonly (string Much, string Little)[] Phrases =
    [
        ("buys often", "seldom buys"),
        ("fills the cart", "leaves the cart alone"),
        ("returns to the same items", "looks at ever new items"),
        ("long known", "little known"),
        ("long visits", "short visits"),
        ("long away", "here of late"),
        ("likes what is popular", "likes what is rare"),
    ];

    /// <summary>One name a segment, no two alike: where two are, more phrases are added, and then a number.</summary>
    /// <param name="distances">For each segment, how far each behaviour's mean is from that of all users, in standard deviations.</param>
    internal static string[] Of(IReadOnlyList<double[]> distances)
    {
        var phrases = distances.Select(Ordered).ToArray();
        string[] brief = [.. phrases.Select(own => Join(own, PhrasesMax - 1))];
        string[] full = [.. phrases.Select((own, segment) => brief.Count(name => name == brief[segment]) > 1 ? Join(own, PhrasesMax) : brief[segment])];
        return [.. full.Select((name, segment) => full.Count(other => other == name) > 1 ? $"{name} ({full.Take(segment).Count(other => other == name) + 1})" : name)];
    }

    private static string[] Ordered(double[] distances)
        => [.. Enumerable.Range(0, distances.Length)
            .Where(behaviour => Math.Abs(distances[behaviour]) >= LeastDistance)
            .OrderByDescending(behaviour => Math.Round(Math.Abs(distances[behaviour]), 1))
            .Select(behaviour => distances[behaviour] > 0 ? Phrases[behaviour].Much : Phrases[behaviour].Little)];

    private static string Join(string[] phrases, int count) => phrases.Length == 0 ? Average : string.Join(", ", phrases.Take(count));
}
