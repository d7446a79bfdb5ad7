using System.Text.Json;
using AptRl.Model.Encoding;

namespace AptRl.Model.Training;

/// <summary>A fit under way, in a file: one that was killed goes on after its last whole epoch and ends with the same weights.</summary>
/// <param name="Path">The file, in the form of safetensors; written by rename, so it is never half there.</param>
/// <param name="Fingerprint">Data, shape and options: a checkpoint of another fit is left alone and written over.</param>
internal sealed record TrainingCheckpoint(string Path, string Fingerprint)
{
    private sealed record State(string Fingerprint, int Steps, TrainingOutcome Outcome);

    /// <summary>Puts the file's weights into the fit; null where there is none of this fit.</summary>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    internal TrainingOutcome? Continue(SequenceNetwork network, AdamSteps steps, WeightAverage? average, List<float[]> best)
    {
        try
        {
            return File.Exists(Path) ? Read(network, steps, average, best) : null;
        }
        catch (InvalidDataException damage)
        {
            throw new InvalidDataException($"{damage.Message}; or delete it, and the fit begins anew", damage);
        }
    }

    /// <summary>Writes everything that the next epoch hangs on.</summary>
    internal void Write(SequenceNetwork network, AdamSteps steps, WeightAverage? average, IReadOnlyList<float[]> best, TrainingOutcome outcome)
    {
        var weights = network.state_dict().Values.ToArray();
        var tensors = weights.Concat(steps.Moments).Concat(average?.Means ?? [])
            .Select(tensor => (tensor.shape, Numbers: Weights.Numbers(tensor)))
            .Concat(weights.Zip(best, (weight, kept) => (weight.shape, Numbers: kept)));
        var bytes = WeightsFile.Write(
            [.. tensors.Select((tensor, index) => new WeightsFile.Weight($"{index}", tensor.shape, tensor.Numbers))],
            JsonSerializer.Serialize(new State(Fingerprint, steps.Steps, outcome), JsonSerializerOptions.Web));
        if (System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path)) is { } folder)
        {
            Directory.CreateDirectory(folder);
        }

        File.WriteAllBytes($"{Path}.new", bytes);
        File.Move($"{Path}.new", Path, overwrite: true);
    }

    /// <summary>Takes the file away: the fit is done.</summary>
    internal void Delete() => File.Delete(Path);

    private TrainingOutcome? Read(SequenceNetwork network, AdamSteps steps, WeightAverage? average, List<float[]> best)
    {
        var file = File.ReadAllBytes(Path);
        var state = StateOf(WeightsFile.About(file, Path));
        if (state is null || state.Fingerprint != Fingerprint)
        {
            return null;
        }

        var numbers = WeightsFile.Read(file, Path).Select(weight => weight.Numbers).ToArray();
        var weights = network.state_dict().Values.ToArray();
        var others = steps.Moments.Concat(average?.Means ?? []).ToArray();
        if (numbers.Length != 2 * weights.Length + others.Length)
        {
            throw WeightsFile.Damaged(Path, $"it holds {numbers.Length} tensors, {2 * weights.Length + others.Length} are needed");
        }

        foreach (var (tensor, kept) in weights.Concat(others).Zip(numbers))
        {
            Weights.Fill(tensor, kept);
        }

        best.AddRange(numbers[^weights.Length..]);
        steps.Steps = state.Steps;
        return state.Outcome;
    }

    private static State? StateOf(string about)
    {
        try
        {
            return JsonSerializer.Deserialize<State>(about, JsonSerializerOptions.Web);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
