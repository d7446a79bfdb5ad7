namespace AptRl.Actors.Persistence;

/// <summary>What an answered write survives.</summary>
/// <remarks>
/// The two databases differ in what else <see cref="Process"/> leaves uncovered. SQLite runs inside the process: what can
/// be lost is lost with a power cut, and the process with it. A PostgreSQL server that crashes by itself may lose the last
/// moments while AptRl goes on, and actors in memory then know more than the journal: restart AptRl after such a crash. So
/// SQLite begins with <see cref="Process"/>, and PostgreSQL with <see cref="PowerCut"/>.
/// </remarks>
public enum Durability
{
    /// <summary>
    /// A killed AptRl process. A power cut may lose the last moments, and so may a crash of the PostgreSQL server. SQLite:
    /// synchronous=NORMAL in WAL mode; PostgreSQL: synchronous_commit=off.
    /// </summary>
    Process = 1,

    /// <summary>
    /// A power cut too, if the disk keeps what it says it wrote, at the price of a disk flush a transaction. SQLite:
    /// synchronous=FULL; PostgreSQL: synchronous_commit=on, or what the server's operator set it to beyond that.
    /// </summary>
    PowerCut = 2,
}
