namespace AptRl.Host.Http.Contracts;

/// <summary>The encoders that a data folder knows.</summary>
/// <param name="Serving">The encoder that this server makes states with.</param>
/// <param name="Active">The encoder that the folder says serves.</param>
/// <param name="TakesOver">When the active one takes over, where it does not serve yet.</param>
internal sealed record VersionsAnswer(string Serving, string Active, string? TakesOver, IReadOnlyList<VersionBody> Versions, IReadOnlyList<PromotionBody> History);

/// <summary>One encoder.</summary>
/// <param name="State"><c>active</c>, <c>former</c> for one that a rollback returns to, or <c>shadow</c>.</param>
internal sealed record VersionBody(string Id, string State, DateTimeOffset AddedAt);

/// <summary>A change of the encoder that serves.</summary>
/// <param name="Kind"><c>promotion</c> or <c>rollback</c>.</param>
internal sealed record PromotionBody(string Id, DateTimeOffset At, string Kind);
