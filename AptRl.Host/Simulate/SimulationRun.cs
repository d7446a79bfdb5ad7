using System.Globalization;
using System.Text.Json;
using AptRl.Host.Demo;
using AptRl.Model.Encoding;
using AptRl.Model.Events;
using AptRl.Model.Policies;
using AptRl.Model.Simulation;

namespace AptRl.Host.Simulate;

/// <summary>Runs every policy in every shop, several at a time. Which runs go side by side changes no result.</summary>
internal sealed class SimulationRun(SimulationOptions options, string cacheFolder)
{
    /// <summary>Runs all and puts the seeds of each policy together.</summary>
    /// <param name="progress">Told which policy has done which share of all its runs; called from several threads.</param>
    /// <param name="cancellation">Stops it.</param>
    public IReadOnlyList<PolicySummary> Run(Action<string, double> progress, CancellationToken cancellation)
    {
        var paths = new Dictionary<ulong, string>();
        foreach (var seed in Seeds.Where(seed => options.Policies.Any(policy => policy.NeedsEncoder && !IsKept(policy, seed))))
        {
            paths[seed] = ShopEncoder.Provide(
                Shop(seed).History(options.Run.History), ShopEncoder.Thorough, cacheFolder,
                new Report(share => progress($"encoder of shop {seed.ToString(CultureInfo.InvariantCulture)}", share)), cancellation);
        }

        var results = new Dictionary<(SimulationPolicy, ulong), ShopRunResult>();
        var gate = new Lock();
        var shares = options.Policies.ToDictionary(policy => policy.Name, _ => 0.0);

        // Seed by seed, so that what is there after a kill is whole tables of fewer seeds.
        var runs = Seeds.SelectMany(seed => options.Policies.Select(policy => (Policy: policy, Seed: seed))).ToArray();
        System.Threading.Tasks.Parallel.ForEach(
            runs, new ParallelOptions { MaxDegreeOfParallelism = options.Parallel, CancellationToken = cancellation }, run =>
            {
                var done = 0.0;
                var result = ResultOf(run.Policy, run.Seed, paths, Tell, cancellation);
                Tell(1);
                lock (gate)
                {
                    results.Add((run.Policy, run.Seed), result);
                }

                void Tell(double share)
                {
                    double all;
                    lock (gate)
                    {
                        all = shares[run.Policy.Name] += (share - done) / options.Seeds;
                        done = share;
                    }

                    progress(run.Policy.Name, all);
                }
            });
        return [.. options.Policies.Select(policy => PolicySummary.Of(
            policy.Name, [.. Seeds.Select(seed => results[(policy, seed)])], options.Run.DriftAfter, resamples: 1_000,
            new Chance(options.FirstSeed).Split(policy.Name)))];
    }

    private IEnumerable<ulong> Seeds => Enumerable.Range(0, options.Seeds).Select(at => options.FirstSeed + (ulong)at);

    private SimulatedShop Shop(ulong seed)
        => options.Fit is { } fit ? new SimulatedShop(options.Shop with { Seed = seed }, fit) : new SimulatedShop(options.Shop with { Seed = seed });

    private ShopRunResult ResultOf(
        SimulationPolicy policy, ulong seed, Dictionary<ulong, string> paths, Action<double> progress, CancellationToken cancellation)
    {
        if (IsKept(policy, seed))
        {
            return JsonSerializer.Deserialize<ShopRunResult>(File.ReadAllBytes(FileOf(policy, seed)!))
                ?? throw new InvalidDataException($"{FileOf(policy, seed)} holds no result: delete it, or leave --resume out");
        }

        var shop = Shop(seed);
        using var encoder = policy.NeedsEncoder ? EncoderModel.Load(paths[seed]) : null;
        using var shopkeeper = policy.Open(new Opening(shop, seed, policy.NeedsEncoder ? paths[seed] : "", encoder, options.RefitEvery, options.Diversity, cancellation));
        var told = 0;
        var result = ShopRun.Of(shop, shopkeeper, options.Run, new Decisions(decisions =>
        {
            // A hundred times a run is enough for a bar.
            if (decisions * 100L / options.Run.Decisions > told)
            {
                told = (int)(decisions * 100L / options.Run.Decisions);
                progress(told / 100.0);
            }
        }), cancellation);
        if (FileOf(policy, seed) is { } file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            File.WriteAllBytes($"{file}.partial", JsonSerializer.SerializeToUtf8Bytes(result));
            File.Move($"{file}.partial", file, overwrite: true);
        }

        return result;
    }

    private bool IsKept(SimulationPolicy policy, ulong seed) => options.Resume && FileOf(policy, seed) is { } file && File.Exists(file);

    // The name holds a hash of all that the result hangs on, so that a result of other options is never taken for it.
    private string? FileOf(SimulationPolicy policy, ulong seed)
    {
        if (options.RunsFolder is null)
        {
            return null;
        }

        var key = StableHash.Of($"{options.Shop with { Seed = seed }} {options.Run with { RewardWeights = [] }} {string.Join(' ', options.Run.RewardWeights)} {options.RefitEvery} {options.FitName} {options.Fit?.Items.Length}{(options.Diversity == new DiversityOptions() ? "" : $" {options.Diversity}")}");
        return Path.Combine(options.RunsFolder, string.Create(CultureInfo.InvariantCulture, $"{policy.Name}-{seed}-{key:x16}.json"));
    }

    private sealed class Report(Action<double> share) : IProgress<AptRl.Model.Training.TrainingProgress>
    {
        void IProgress<AptRl.Model.Training.TrainingProgress>.Report(AptRl.Model.Training.TrainingProgress value) => share(value.Share);
    }

    private sealed class Decisions(Action<int> filled) : IProgress<int>
    {
        public void Report(int value) => filled(value);
    }
}
