using System.Diagnostics;
using AptRl.Actors.Persistence;
using AptRl.Tests.Support;
using Npgsql;
using Xunit;

[assembly: AssemblyFixture(typeof(PostgresServer.AtTheEnd))]

namespace AptRl.Tests.Support;

/// <summary>A PostgreSQL server of the tests' own, in a temporary folder, reached over a socket in it.</summary>
/// <remarks>
/// Started by the first test that needs it; where PostgreSQL is not installed, tests are skipped and say so. Its settings are
/// those that it comes with: what is answered is on the disk. The server refuses to run as root; there another account has it.
/// </remarks>
internal sealed class PostgresServer : IDisposable
{
    private static readonly Lazy<PostgresServer> Started = new(() => new PostgresServer());
    private static int _databases;

    private readonly string _programs;
    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-pg-").FullName;

    private PostgresServer()
    {
        _programs = Programs()!;
        if (Environment.UserName == "root")
        {
            Run("chown", [Account(), _folder]);
        }

        RunAsOwner("initdb", "--pgdata", Data, "--username", "aptrl", "--auth", "trust", "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync");
        Start();
    }

    private string Data => Path.Combine(_folder, "data");

    /// <summary>The server that all tests share; no test stops it.</summary>
    public static PostgresServer Shared()
    {
        SkipWhereThereIsNone();
        return Started.Value;
    }

    /// <summary>A server for one test, which may stop it.</summary>
    public static PostgresServer OfItsOwn()
    {
        SkipWhereThereIsNone();
        return new PostgresServer();
    }

    /// <summary>A new, empty database.</summary>
    public PostgresOptions NewDatabase()
    {
        var name = $"test{Interlocked.Increment(ref _databases)}";
        Run($"CREATE DATABASE {name}");
        return new PostgresOptions { ConnectionString = $"{ConnectionString};Database={name}" };
    }

    public string ConnectionString => $"Host={_folder};Username=aptrl";

    public void Run(string sql)
    {
        using var connection = new NpgsqlConnection($"{ConnectionString};Database=postgres;Pooling=false");
        connection.Open();
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    public void Start()
        => RunAsOwner("pg_ctl", "start", "--wait", "--pgdata", Data, "--log", Path.Combine(_folder, "log"), "--options", $"-c listen_addresses='' -c unix_socket_directories='{_folder}'");

    /// <summary>As an operator stops it: sessions are ended, what was answered is kept.</summary>
    public void Stop() => RunAsOwner("pg_ctl", "stop", "--wait", "--mode", "fast", "--pgdata", Data);

    /// <summary>As it ends when its power is cut.</summary>
    public void Crash() => RunAsOwner("pg_ctl", "stop", "--wait", "--mode", "immediate", "--pgdata", Data);

    public void Dispose()
    {
        if (File.Exists(Path.Combine(Data, "postmaster.pid")))
        {
            Crash();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static void SkipWhereThereIsNone()
        => Assert.SkipWhen(Programs() is null, "no PostgreSQL is installed: on Debian, apt-get install postgresql-15");

    private static string? Programs()
        => Directory.Exists("/usr/lib/postgresql")
            ? Directory.GetDirectories("/usr/lib/postgresql").Order(StringComparer.Ordinal).Select(folder => Path.Combine(folder, "bin")).LastOrDefault(folder => File.Exists(Path.Combine(folder, "initdb")))
            : null;

    private static string Account() => File.ReadLines("/etc/passwd").Any(line => line.StartsWith("postgres:", StringComparison.Ordinal)) ? "postgres" : "nobody";

    private void RunAsOwner(string program, params string[] arguments)
    {
        var path = Path.Combine(_programs, program);
        if (Environment.UserName == "root")
        {
            Run("runuser", ["--user", Account(), "--", path, .. arguments]);
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
        foreach (var argument in (string[])["-c", "exec \"$@\" >>/dev/null 2>>\"$0\"", Path.Combine(Path.GetTempPath(), Path.GetFileName(_folder) + ".err"), program, .. arguments])
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        process.WaitForExit();
        var errors = Path.Combine(Path.GetTempPath(), Path.GetFileName(_folder) + ".err");
        var said = File.Exists(errors) ? File.ReadAllText(errors) : "";
        File.Delete(errors);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)}: {said}");
    }

    /// <summary>Stops the shared server with the last test.</summary>
    public sealed class AtTheEnd : IDisposable
    {
        public void Dispose()
        {
            if (Started.IsValueCreated)
            {
                Started.Value.Dispose();
            }
        }
    }
}
