using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace AptRl.Host.Bench;

/// <summary>Measures over HTTP how long a reward takes to change the policy that decides for another user, beside the load.</summary>
/// <remarks>
/// One shopper is shown a slate and clicks. The click is answered when it is durable in the learner's journal; a policy
/// published after that holds it, and the version that the learner tells of then is not later than the one before. So the
/// first decision for another shopper with a higher version has the click in its policy for certain. The time counts from when
/// the click was sent, and is an upper bound: versions are asked for every few milliseconds.
/// </remarks>
internal sealed class RewardProbe(Uri server) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly HttpClient _http = new() { BaseAddress = server };
    private readonly LatencyLog _log = new();

    /// <summary>What it measured so far.</summary>
    public RewardReport Report => new(_log.Milliseconds(50), _log.Milliseconds(99), _log.Right, _log.Wrong);

    /// <summary>Measures again and again until it is told to stop.</summary>
    public async Task RunAsync(TimeProvider clock, CancellationToken stop)
    {
        try
        {
            for (var number = 0; ; number++)
            {
                await MeasureAsync(number, clock, stop);
                await Task.Delay(Pause, clock, stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The load is over.
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task MeasureAsync(int number, TimeProvider clock, CancellationToken stop)
    {
        var slate = await PostAsync("/v1/recommend", $$"""{"user":"probe-{{number}}","n":1}""", stop);
        var since = clock.GetTimestamp();
        var answer = await PostAsync($"/v1/recommendations/{(string?)slate?["recommendationId"]}/reward", """{"type":"select_item","position":0}""", stop);
        if ((string?)answer?["status"] != "accepted")
        {
            _log.Failed("the probe's click was not accepted");
            return;
        }

        using var scenarios = await _http.GetAsync(new Uri("/v1/scenarios", UriKind.Relative), stop);
        var version = (long)JsonNode.Parse(await scenarios.Content.ReadAsStringAsync(stop))!["scenarios"]![0]!["policyVersion"]!;
        while (clock.GetElapsedTime(since) < Patience)
        {
            var other = await PostAsync("/v1/recommend", """{"user":"probe-other","n":1}""", stop);
            if ((long?)other?["policyVersion"] > version)
            {
                _log.Answered(clock.GetElapsedTime(since), null);
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(2), clock, stop);
        }

        _log.Failed(string.Create(CultureInfo.InvariantCulture, $"no policy after version {version} in {Patience.TotalSeconds} s"));
    }

    private async Task<JsonNode?> PostAsync(string path, string body, CancellationToken stop)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        using var response = await _http.PostAsync(new Uri(path, UriKind.Relative), content, stop);
        try
        {
            return response.IsSuccessStatusCode ? JsonNode.Parse(await response.Content.ReadAsStringAsync(stop)) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}

/// <summary>From a reward that is sent to a decision for somebody else by a policy that holds it.</summary>
/// <param name="P50">Half of the rewards took no longer, in milliseconds.</param>
/// <param name="P99">99 % of them took no longer.</param>
/// <param name="Count">Rewards measured.</param>
/// <param name="Errors">Rewards that were not accepted or not seen in a policy.</param>
internal sealed record RewardReport(double P50, double P99, long Count, long Errors);
