namespace AptRl.Host.Http.Contracts;

/// <summary>An error, by RFC 9457.</summary>
/// <param name="Type"><c>urn:aptrl:</c> and the code.</param>
/// <param name="Title">The status in words.</param>
/// <param name="Status">The HTTP status.</param>
/// <param name="Detail">The value, the rule and the way out.</param>
/// <param name="Code">For programs: stays the same when the words change.</param>
internal sealed record Problem(string Type, string Title, int Status, string Detail, string Code);
