using System.Globalization;
using Xunit;

namespace AptRl.Tests.Simulator;

/// <summary>The whole system under one seed: see docs/simulator.md.</summary>
/// <remarks>
/// <c>APTRL_SIMULATOR_SEED</c> is the first seed, and the only one where <c>APTRL_SIMULATOR_SEEDS</c> does not say how many; without
/// both it is the first twenty.
/// </remarks>
public sealed class SimulatorTests(ITestOutputHelper output)
{
    private const int SeedsUsually = 20;

    [Fact]
    public void Nothing_answered_is_lost_nothing_counts_twice_and_all_is_well_when_the_faults_end()
        => Run(SeedsUsually, isCalm: false, "Nothing_answered");

    [Fact]
    public void Where_nothing_fails_each_question_is_answered_the_first_time_while_users_move_and_nodes_come_and_leave()
        => Run(SeedsUsually / 4, isCalm: true, "Where_nothing_fails");

    [Fact]
    public void A_seed_gives_the_same_run_again()
    {
        using var one = new Simulation(7);
        using var other = new Simulation(7);
        using var another = new Simulation(8);
        one.Run();
        other.Run();
        another.Run();
        Assert.True(one.Hash == other.Hash, $"{one.Summary}, {one.Hash:x16}; {other.Summary}, {other.Hash:x16}");
        Assert.NotEqual(one.Hash, another.Hash);
    }

    private void Run(int usually, bool isCalm, string test)
    {
        var (seed, seeds) = (Environment.GetEnvironmentVariable("APTRL_SIMULATOR_SEED"), Environment.GetEnvironmentVariable("APTRL_SIMULATOR_SEEDS"));
        var first = seed is null ? 1 : ulong.Parse(seed, CultureInfo.InvariantCulture);
        var count = seeds is not null ? ulong.Parse(seeds, CultureInfo.InvariantCulture) : seed is not null ? 1 : (ulong)usually;
        for (var next = first; next < first + count; next++)
        {
            using var simulation = new Simulation(next, isCalm);
            simulation.Run();
            output.WriteLine(simulation.Summary);
            Assert.True(simulation.Fault is null, Failure(next, simulation, test));
        }
    }

    private static string Failure(ulong seed, Simulation simulation, string test)
        => $"""
            seed {seed}: {simulation.Fault}

            {string.Join('\n', simulation.Last.TakeLast(30))}

            Again: APTRL_SIMULATOR_SEED={seed} dotnet test --filter FullyQualifiedName~{nameof(SimulatorTests)}.{test}
            """;
}
