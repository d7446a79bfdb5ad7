using System.Collections.Immutable;
using AptRl.Actors.Agents;
using AptRl.Actors.Clustering;
using AptRl.Actors.Encoding;
using AptRl.Actors.Persistence;
using AptRl.Actors.Users;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Ingest;
using AptRl.Model.Policies;
using AptRl.Model.Windows;

namespace AptRl.Actors.Hosting;

/// <summary>All that AptRl is told when it is put into a host.</summary>
public sealed record AptRlOptions
{
    /// <summary>
    /// Folder of the journal and the snapshots, unless <see cref="Postgres"/> has them, and of the encoder versions; made where
    /// it is not there. One process at a time.
    /// </summary>
    public required string DataDirectory { get; init; }

    /// <summary>The PostgreSQL database of journal and snapshots. Default null: SQLite files in <see cref="DataDirectory"/>.</summary>
    public PostgresOptions? Postgres { get; init; }

    /// <summary>The encoder. AptRl disposes it with the actor system.</summary>
    public required EncoderModel Model { get; init; }

    /// <summary>
    /// Whether <see cref="Model"/> takes over from the encoder that the learners' rows are of: where they are of another, the
    /// journal is learned anew with it before the host has started. Default false: rows of both would be added up.
    /// </summary>
    public bool TakesOver { get; init; }

    /// <summary>The places in the shop. Default: one of items, named home.</summary>
    public ImmutableArray<ScenarioOptions> Scenarios { get; init; } = [new ScenarioOptions { Id = new ScenarioId("home") }];

    /// <summary>Bounds of each user's timeline.</summary>
    public WindowOptions Windows { get; init; } = new();

    /// <summary>How user actors live.</summary>
    public UserOptions Users { get; init; } = new();

    /// <summary>How requests to the encoder are gathered.</summary>
    public EncoderBatching Encoder { get; init; } = new();

    /// <summary>How learners journal and publish.</summary>
    public LearnerBatching Learner { get; init; } = new();

    /// <summary>What an answered write survives. Default null: a killed process with SQLite, a power cut too with PostgreSQL.</summary>
    public Durability? Durability { get; init; }

    /// <summary>Agents a scenario on this node. Default 2.</summary>
    public int AgentsPerScenario { get; init; } = 2;

    /// <summary>How long a call may take before it is answered Busy. Default 10 s.</summary>
    public TimeSpan AskTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// What is further ahead of <see cref="Clock"/> than this is not taken: an event is answered Rejected, a request Invalid. Default
    /// 5 minutes. Null takes any time: for a log whose reader has judged already, and for a simulated shop with a time of its own.
    /// </summary>
    public TimeSpan? FutureMax { get; init; } = FutureTime.Tolerance;

    /// <summary>Tells what lies in the future, and nothing else: all else goes by event time. Default the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>This process as one node of several; null, the default, is one node alone.</summary>
    public NodeOptions? Node { get; init; }

    /// <summary><see cref="Windows"/> with what each scenario's learner asks of it.</summary>
    public WindowOptions WindowsInForce => Windows with
    {
        Scenarios = Scenarios.ToImmutableDictionary(
            scenario => scenario.Id, scenario => TeachingOptions.Of(scenario.Learner)),
    };

    /// <summary>These options, if they make sense.</summary>
    /// <exception cref="ArgumentException">They do not; the text says which and why.</exception>
    public AptRlOptions Checked()
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(DataDirectory);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(AgentsPerScenario);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(AskTimeout, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Encoder.SizeMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(Encoder.WaitingMax, Encoder.SizeMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Learner.SizeMax);
        ArgumentOutOfRangeException.ThrowIfLessThan(Learner.WaitingMax, Learner.SizeMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Learner.SnapshotEvery);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Users.SnapshotEvery);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Users.DecidingMax);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(Users.AnswersMax);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(Users.IdleMax, TimeSpan.Zero);
        if (Users.Retention is { } retention)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(retention, UserOptions.RetentionMin);
        }

        Windows.Checked();
        Node?.Checked();
        Postgres?.Checked();
        foreach (var scenario in Scenarios)
        {
            scenario.Checked();
        }

        return Scenarios.Length > 0 && Scenarios.DistinctBy(scenario => scenario.Id).Count() == Scenarios.Length
            ? this
            : throw new ArgumentException($"{Scenarios.Length} scenarios with {Scenarios.DistinctBy(scenario => scenario.Id).Count()} names: give at least one, each with a name of its own");
    }
}
