using System.Collections.Immutable;
using AptRl.Model.Events;

namespace AptRl.Model.Simulation;

/// <summary>A page of the shop that has room for a slate.</summary>
/// <param name="User">Who looks at it.</param>
/// <param name="At">When, in the shop's event time.</param>
/// <param name="RequestId">Unique among all page views of all runs.</param>
/// <param name="Session">The session it belongs to.</param>
public sealed record PageView(UserId User, DateTimeOffset At, string RequestId, string Session);

/// <summary>What one shopper does up to the next page view.</summary>
/// <param name="Browsing">Interactions without a recommendation, oldest first; may be empty.</param>
/// <param name="View">The page view that follows them; the shopper does nothing more until it is responded to.</param>
public sealed record ShopTurn(ImmutableArray<Interaction> Browsing, PageView View);
