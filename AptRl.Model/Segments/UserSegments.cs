using System.Collections.Immutable;
using System.Numerics.Tensors;
using AptRl.Model.Encoding;
using AptRl.Model.Windows;

namespace AptRl.Model.Segments;

/// <summary>Segments of users, found by k-means on the encoder's states and named by behaviour; they say where any user belongs.</summary>
/// <remarks>
/// A user is a point: the state of the window, of length 1, and beside it the behaviours, standardised over users and scaled by
/// <see cref="SegmentOptions.BehaviourWeight"/>/√(their number). k-means by Lloyd's algorithm from k-means++ (Arthur and
/// Vassilvitskii 2007), by ML.NET on one thread. A user belongs to the nearest centre. Segments are of one encoder: where it
/// changes, states mean something else, so they are fitted anew (asked with another encoder, they refuse).
/// </remarks>
public sealed class UserSegments
{
    private readonly SegmentOptions _options;
    private readonly BehaviourMeter _meter;
    private readonly double[] _means;
    private readonly double[] _spreads;
    private readonly float[][] _centres;

    private UserSegments(SegmentOptions options, string encoder, BehaviourMeter meter, IReadOnlyList<ImmutableArray<Touch>> windows, IReadOnlyList<float[]> states, DateTimeOffset now)
    {
        (_options, EncoderVersion, _meter) = (options, encoder, meter);
        double[][] measured = [.. windows.Select(window => meter.Measure(window, now))];
        (_means, _spreads) = Moments(measured);
        float[][] points = [.. states.Select((state, user) => Point(state, measured[user]))];
        var centres = KMeans.Centres(points, options);
        int[] members = Array.ConvertAll(points, point => Nearest(centres, point));

        // The largest first, so that numbers do not hang on where k-means began.
        int[] order = [.. Enumerable.Range(0, centres.Length).OrderByDescending(centre => members.Count(member => member == centre)).ThenBy(centre => centre)];
        _centres = Array.ConvertAll(order, centre => centres[centre]);
        Segments = Describe(measured, Array.ConvertAll(members, member => Array.IndexOf(order, member)));
    }

    /// <summary>The encoder whose states these segments are of.</summary>
    public string EncoderVersion { get; }

    /// <summary>Largest first.</summary>
    public ImmutableArray<Segment> Segments { get; }

    /// <summary>Finds segments.</summary>
    /// <param name="model">Makes states of windows.</param>
    /// <param name="windows">Each user's touches, oldest first; those that are too short are left out.</param>
    /// <param name="now">When it is: absence is measured to here.</param>
    /// <param name="options">How.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="InvalidDataException">There are fewer than two users with enough touches.</exception>
    public static UserSegments Fit(EncoderModel model, IReadOnlyList<ImmutableArray<Touch>> windows, DateTimeOffset now, SegmentOptions options)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(windows);
        ArgumentNullException.ThrowIfNull(options);
        options.Checked();
        var users = windows.Where(window => !window.IsDefault && window.Length >= options.TouchesMin).Select(window => Newest(window, options)).ToArray();
        if (users.Length < 2)
        {
            throw new InvalidDataException($"{users.Length} of {windows.Count} users have {options.TouchesMin} touches or more, 2 are needed: give a longer log");
        }

        var count = Math.Min(users.Length, options.UsersMax);
        ImmutableArray<Touch>[] taken = [.. Enumerable.Range(0, count).Select(at => users[(int)((long)at * users.Length / count)])];
        return new UserSegments(
            options with { Count = Math.Min(options.Count, count) }, model.Version, new BehaviourMeter(taken), taken, model.Encode(taken), now);
    }

    /// <summary>The segment of a user.</summary>
    /// <param name="model">The encoder that the segments are of.</param>
    /// <param name="window">The user's touches, oldest first; may be empty.</param>
    /// <param name="now">When it is.</param>
    /// <exception cref="ArgumentException">The encoder is another one.</exception>
    public Segment Assign(EncoderModel model, ImmutableArray<Touch> window, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(model);
        var newest = window.IsDefault ? [] : Newest(window, _options);
        return model.Version == EncoderVersion ? Assign(model.Encode([newest])[0], newest, now)
            : throw new ArgumentException($"segments of encoder {EncoderVersion}, asked with {model.Version}: fit them anew", nameof(model));
    }

    /// <summary>The segment of a user whose state is known already.</summary>
    /// <param name="state">By the encoder that the segments are of.</param>
    /// <param name="window">The user's touches, oldest first.</param>
    /// <param name="now">When it is.</param>
    public Segment Assign(float[] state, ImmutableArray<Touch> window, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(state);
        return Segments[Nearest(_centres, Point(state, _meter.Measure(Newest(window, _options), now)))];
    }

    private static ImmutableArray<Touch> Newest(ImmutableArray<Touch> window, SegmentOptions options)
        => window.Length > options.TouchesMax ? window[^options.TouchesMax..] : window;

    private static (double[] Means, double[] Spreads) Moments(double[][] measured)
    {
        var (means, spreads) = (new double[BehaviourMeter.Count], new double[BehaviourMeter.Count]);
        for (var behaviour = 0; behaviour < means.Length; behaviour++)
        {
            var values = measured.Select(own => own[behaviour]).ToArray();
            means[behaviour] = values.Average();
            spreads[behaviour] = Math.Sqrt(values.Average(value => (value - means[behaviour]) * (value - means[behaviour])));
        }

        return (means, spreads);
    }

    private float[] Point(float[] state, double[] measured)
    {
        var point = new float[state.Length + measured.Length];
        state.CopyTo(point, 0);
        for (var behaviour = 0; behaviour < measured.Length; behaviour++)
        {
            point[state.Length + behaviour] = (float)(_options.BehaviourWeight * Distance(measured[behaviour], behaviour) / Math.Sqrt(measured.Length));
        }

        return point;
    }

    /// <summary>From the mean of all users, in standard deviations; 0 where all users are alike.</summary>
    private double Distance(double value, int behaviour)
        => _spreads[behaviour] > 1e-9 ? (value - _means[behaviour]) / _spreads[behaviour] : 0;

    private static int Nearest(float[][] centres, float[] point)
    {
        var best = 0;
        for (var centre = 1; centre < centres.Length; centre++)
        {
            best = TensorPrimitives.Distance(centres[centre], point) < TensorPrimitives.Distance(centres[best], point) ? centre : best;
        }

        return best;
    }

    private ImmutableArray<Segment> Describe(double[][] measured, int[] members)
    {
        var (means, distances) = (new double[_centres.Length][], new double[_centres.Length][]);
        var sizes = new int[_centres.Length];
        for (var segment = 0; segment < sizes.Length; segment++)
        {
            double[][] own = [.. measured.Where((_, user) => members[user] == segment)];
            sizes[segment] = own.Length;
            means[segment] = [.. Enumerable.Range(0, BehaviourMeter.Count).Select(behaviour => own.Length == 0 ? _means[behaviour] : own.Average(values => values[behaviour]))];
            distances[segment] = [.. means[segment].Select(Distance)];
        }

        var names = BehaviourNames.Of(distances);
        return [.. sizes.Select((size, segment) => new Segment(
            segment, names[segment], size, (double)size / measured.Length, ByBehaviour(means[segment]), ByBehaviour(distances[segment])))];
    }

    private static Dictionary<Behaviour, double> ByBehaviour(double[] values) => Enum.GetValues<Behaviour>().ToDictionary(behaviour => behaviour, behaviour => values[(int)behaviour]);
}
