using System.Diagnostics;
using AptRl.Host.Commands;

namespace AptRl.Host.Bench;

/// <summary>A PostgreSQL server of the bench's own, in a temporary folder, reached over a socket in it, with the settings that it comes with.</summary>
internal sealed class OwnPostgres : IDisposable
{
    private const string Installed = "/usr/lib/postgresql";

    private readonly string _programs;
    private readonly string _folder;

    /// <summary>Makes and starts it.</summary>
    /// <param name="folder">Where; made anew.</param>
    /// <exception cref="UserErrorException">PostgreSQL is not installed, or does not start.</exception>
    public OwnPostgres(string folder)
    {
        (_programs, _folder) = (Programs(), Directory.CreateDirectory(folder).FullName);
        if (Environment.UserName == "root")
        {
            // The server refuses to run as root; there the account that the package makes has it.
            Run("chown", ["postgres", _folder]);
            Run("chmod", ["a+x", Path.GetDirectoryName(_folder)!]);
        }

        RunAsOwner("initdb", "--pgdata", Data, "--username", "aptrl", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync");
        Start();
    }

    public string ConnectionString => $"Host={_folder};Username=aptrl;Database=postgres";

    private string Data => Path.Combine(_folder, "data");

    /// <summary>Starts it, with what it had.</summary>
    public void Start()
        => RunAsOwner("pg_ctl", "start", "--wait", "--pgdata", Data, "--log", Path.Combine(_folder, "log"), "--options", $"-c listen_addresses='' -c unix_socket_directories='{_folder}'");

    /// <summary>Stops it in order, cutting its connections.</summary>
    public void Stop() => RunAsOwner("pg_ctl", "stop", "--wait", "--mode", "fast", "--pgdata", Data);

    /// <summary>Stops it; its data is thrown away.</summary>
    public void Dispose() => RunAsOwner("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", Data);

    private static string Programs()
        => (Directory.Exists(Installed) ? Directory.GetDirectories(Installed) : []).Order(StringComparer.Ordinal)
            .Select(version => Path.Combine(version, "bin")).LastOrDefault(programs => File.Exists(Path.Combine(programs, "initdb")))
            ?? throw new UserErrorException("several nodes need PostgreSQL, and none is installed here: apt-get install postgresql, or name a database with --postgres", Cli.Usage);

    private void RunAsOwner(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        if (Environment.UserName == "root")
        {
            Run("runuser", ["--user", "postgres", "--", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    // Without pipes: the server that pg_ctl starts would inherit them, and they would never end.
    private void Run(string program, string[] arguments)
    {
        var start = new ProcessStartInfo("sh") { WorkingDirectory = _folder };
        foreach (var argument in (string[])["-c", "exec \"$@\" >>/dev/null 2>>/dev/null", "sh", program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new UserErrorException($"{program} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}: see {Path.Combine(_folder, "log")}, or name a database with --postgres");
        }
    }
}
