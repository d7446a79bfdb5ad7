using System.Globalization;
using Xunit;

namespace AptRl.Tests.Simulator;

/// <summary>The whole system under one seed: see docs/simulator.md.</summary>
public sealed class SimulatorTests(ITestOutputHelper output)
{
    [Fact]
    public void Nothing_accepted_is_lost_nothing_counts_twice_and_all_is_well_when_the_faults_end()
    {
        var (first, count) = Seeds();
        for (var seed = first; seed < first + count; seed++)
        {
            using var simulation = new Simulation(seed);
            simulation.Run();
            output.WriteLine(simulation.Summary);
            Assert.True(simulation.Fault is null, Failure(seed, simulation));
        }
    }

    [Fact]
    public void A_seed_gives_the_same_run_again()
    {
        using var one = new Simulation(7);
        using var other = new Simulation(7);
        one.Run();
        other.Run();
        Assert.True(one.Hash == other.Hash, $"{one.Summary}, {one.Hash:x16}; {other.Summary}, {other.Hash:x16}");
    }

    private static (ulong First, ulong Count) Seeds()
    {
        var (seed, seeds) = (Environment.GetEnvironmentVariable("APTRL_SIMULATOR_SEED"), Environment.GetEnvironmentVariable("APTRL_SIMULATOR_SEEDS"));
        return seed is not null ? (ulong.Parse(seed, CultureInfo.InvariantCulture), 1)
            : (1, seeds is null ? 20 : ulong.Parse(seeds, CultureInfo.InvariantCulture));
    }

    private static string Failure(ulong seed, Simulation simulation)
        => $"""
            seed {seed}: {simulation.Fault}

            {string.Join('\n', simulation.Last.TakeLast(30))}

            Again: APTRL_SIMULATOR_SEED={seed} dotnet test -c Release AptRl.Tests --filter FullyQualifiedName~Simulator
            """;
}
