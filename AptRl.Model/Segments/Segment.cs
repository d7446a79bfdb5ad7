namespace AptRl.Model.Segments;

/// <summary>Users who behave alike.</summary>
/// <param name="Index">Its number, from 0; the largest segment is 0.</param>
/// <param name="Name">What distinguishes it, in words.</param>
/// <param name="Users">Users in it when it was fitted.</param>
/// <param name="Share">Of all users that were fitted.</param>
/// <param name="Means">The mean of each behaviour in it.</param>
/// <param name="Distances">How far that is from the mean of all users, in standard deviations.</param>
public sealed record Segment(
    int Index,
    string Name,
    int Users,
    double Share,
    IReadOnlyDictionary<Behaviour, double> Means,
    IReadOnlyDictionary<Behaviour, double> Distances);
