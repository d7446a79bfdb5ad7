namespace AptRl.Actors.Persistence;

/// <summary>What an answered write survives.</summary>
public enum Durability
{
    /// <summary>A killed process (SQLite synchronous=NORMAL in WAL mode); a power cut may lose the last moments.</summary>
    Process = 1,

    /// <summary>A power cut too (synchronous=FULL), at the price of a disk flush a transaction.</summary>
    PowerCut = 2,
}
