using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using AptRl.Comparison;

// dotnet run -c Release --project AptRl.Tests/Comparison -- [--callers N] [--seconds S] [--rounds R] [--json FILE]
var callers = new Option<int>("--callers") { Description = "Callers that ask, wait and ask again.", DefaultValueFactory = _ => 32 };
var seconds = new Option<double>("--seconds") { Description = "Length of a round.", DefaultValueFactory = _ => 5 };
var rounds = new Option<int>("--rounds") { Description = "Rounds of each, one after another in turns; the middle one is told.", DefaultValueFactory = _ => 5 };
var json = new Option<FileInfo?>("--json") { Description = "File for the figures." };
var host = new Option<string?>("--host") { Description = "Host users for another process: akka:PORT or orleans:PORT:GATEWAY.", Hidden = true };
var command = new RootCommand("The same decide function behind Akka.NET and behind Orleans: in one process, and between two.") { callers, seconds, rounds, json, host };
command.SetAction((arguments, _) => arguments.GetValue(host) is { } hosted
    ? HostAsync(hosted.Split(':'))
    : CompareAsync(arguments.GetValue(callers), TimeSpan.FromSeconds(arguments.GetValue(seconds)), arguments.GetValue(rounds), arguments.GetValue(json)));
return await command.Parse(args).InvokeAsync();

// Ends when its parent closes its input.
static async Task<int> HostAsync(string[] what)
{
    var port = int.Parse(what[1], CultureInfo.InvariantCulture);
    await using IContestant node = what[0] == "akka"
        ? await AkkaNode.StartAsync(port, port, hasUsers: true)
        : await OrleansNode.StartSiloAsync(port, int.Parse(what[2], CultureInfo.InvariantCulture));
    Console.WriteLine("up");
    await Console.In.ReadToEndAsync();
    return 0;
}

static async Task<int> CompareAsync(int callers, TimeSpan duration, int rounds, FileInfo? json)
{
    (string Name, Func<Task<(IContestant, Process?)>> Start)[] contestants =
    [
        ("plain calls", () => Task.FromResult<(IContestant, Process?)>((new PlainCalls(), null))),
        ("akka, one process", async () =>
        {
            var port = FreePort();
            return (await AkkaNode.StartAsync(port, port, hasUsers: true), null);
        }),
        ("orleans, one process", async () => (await OrleansNode.StartSiloAsync(FreePort(), FreePort()), null)),
        ("akka, two processes", async () =>
        {
            var port = FreePort();
            var other = await StartOtherAsync($"akka:{port}");
            return (await AkkaNode.StartAsync(0, port, hasUsers: false), other);
        }),
        ("orleans, two processes", async () =>
        {
            var (port, gateway) = (FreePort(), FreePort());
            var other = await StartOtherAsync($"orleans:{port}:{gateway}");
            return (await OrleansNode.StartClientAsync(gateway), other);
        }),
    ];
    var results = contestants.ToDictionary(contestant => contestant.Name, _ => new List<Round>());
    for (var round = 0; round <= rounds; round++)
    {
        foreach (var (name, start) in contestants)
        {
            var (contestant, other) = await start();
            await using (contestant)
            {
                await Load.RunAsync(contestant, callers, duration / 5, -1);
                results[name].Add(await Load.RunAsync(contestant, callers, duration, round));
            }

            other?.StandardInput.Close();
            if (other is not null)
            {
                await other.WaitForExitAsync();
            }
        }
    }

    var table = contestants.ToDictionary(contestant => contestant.Name, contestant => Middle(results[contestant.Name].Skip(1)));
    var plain = table["plain calls"];
    Console.WriteLine($"{"",-24}{"decisions/s",12}{"of plain",10}{"p50 ms",9}{"p99 ms",9}");
    foreach (var (name, round) in table)
    {
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24}{round.PerSecond,12:0}{round.PerSecond / plain.PerSecond,10:0.00}{round.P50,9:0.00}{round.P99,9:0.00}"));
    }

    if (json is not null)
    {
        await File.WriteAllTextAsync(json.FullName, JsonSerializer.Serialize(table));
    }

    return 0;
}

static Round Middle(IEnumerable<Round> rounds)
{
    var all = rounds.ToArray();
    return new Round(Of(round => round.PerSecond), Of(round => round.P50), Of(round => round.P99));

    double Of(Func<Round, double> figure) => all.Select(figure).Order().ElementAt(all.Length / 2);
}

static int FreePort()
{
    using var listener = new TcpListener(IPAddress.Loopback, 0);
    listener.Start();
    return ((IPEndPoint)listener.LocalEndpoint).Port;
}

static async Task<Process> StartOtherAsync(string hosted)
{
    var other = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, ["--host", hosted]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
    return await other.StandardOutput.ReadLineAsync() == "up" ? other : throw new InvalidOperationException($"the process that hosts {hosted} did not come up");
}
