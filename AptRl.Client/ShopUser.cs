namespace AptRl.Client;

/// <summary>What is known of a user.</summary>
/// <param name="User">Who.</param>
/// <param name="Touches">Places taken in the window that the encoder sees.</param>
/// <param name="Sessions">Visits.</param>
/// <param name="Accepted">Events that are durable.</param>
/// <param name="RewardsJoined">Rewards that these earned.</param>
/// <param name="Decisions">Slates that were decided.</param>
/// <param name="RecentRecommendations">Those still remembered, oldest first.</param>
public sealed record ShopUser(
    string User, int Touches, long Sessions, long Accepted, long RewardsJoined, long Decisions, IReadOnlyList<string> RecentRecommendations);
