namespace AptRl.Model.Datasets;

/// <summary>One touch of a log in which all users are mixed.</summary>
/// <param name="User">Number of the user, in the order of first touch.</param>
/// <param name="Touch">What was touched, how and when.</param>
/// <param name="History">What the user did before it, oldest first.</param>
public readonly record struct UserTouch(int User, IndexedTouch Touch, ReadOnlyMemory<IndexedTouch> History);
