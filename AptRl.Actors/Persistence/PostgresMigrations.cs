using System.Globalization;
using System.Reflection;
using Npgsql;

namespace AptRl.Actors.Persistence;

/// <summary>The tables in a PostgreSQL schema, made by numbered scripts that are each run once.</summary>
/// <remarks>
/// <c>aptrl_migration</c> has a row for each script that was run. What is missing is run in order, in one transaction, with
/// an advisory lock against a second process that starts at the same time. A script that was released is never changed: a
/// change of the tables is another script. A schema that knows more scripts than the program is refused.
/// </remarks>
public static class PostgresMigrations
{
    private const string Resources = "AptRl.Actors.Persistence.Postgres.";
    private const long LockKey = 0x41707452_6C4D6967;

    private const string Register = "CREATE TABLE IF NOT EXISTS aptrl_migration (number integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());";

    /// <summary>The scripts, in the order in which they are run.</summary>
    public static IReadOnlyList<(int Number, string Name, string Sql)> Scripts { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.StartsWith(Resources, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name => (int.Parse(name.AsSpan(Resources.Length, 3), CultureInfo.InvariantCulture), name[Resources.Length..^".sql".Length], Read(name))),
    ];

    /// <summary>All of it as one script, for who may not or will not let the program do it.</summary>
    /// <param name="schema">The schema; made by the script where it is not there.</param>
    /// <param name="after">Leaves out the scripts up to this number.</param>
    public static string Script(string schema, int after = 0)
        => string.Join(
            '\n',
            [
                "BEGIN;", $"CREATE SCHEMA IF NOT EXISTS {Quoted(schema)};", $"SET LOCAL search_path TO {Quoted(schema)};", Register,
                .. Scripts.Where(script => script.Number > after).Select(script => $"\n{script.Sql}\n{Done(script.Number, script.Name)}"),
                "COMMIT;",
            ]);

    /// <summary>Brings the schema to where this program needs it.</summary>
    /// <param name="connection">Open, with the schema as its search path.</param>
    /// <param name="schema">The schema.</param>
    /// <param name="mayRun">Whether scripts may be run; where not, a missing one is an error.</param>
    /// <exception cref="InvalidDataException">The schema is of a newer program, or lacks what may not be made.</exception>
    public static void Apply(NpgsqlConnection connection, string schema, bool mayRun)
    {
        if (Newest(connection, schema) == Scripts[^1].Number)
        {
            return;
        }

        if (!mayRun)
        {
            throw new InvalidDataException(
                $"schema '{schema}' lacks tables of this version, and making them is turned off: run what 'aptrl postgres ddl' prints, with an account that may");
        }

        using var transaction = connection.BeginTransaction();
        Run(connection, $"SELECT pg_advisory_xact_lock({LockKey.ToString(CultureInfo.InvariantCulture)})");

        // Asked for first: making a schema needs a right on the database, also where it is there already.
        if (!Exists(connection, "SELECT 1 FROM pg_namespace WHERE nspname = $1", schema))
        {
            Run(connection, $"CREATE SCHEMA {Quoted(schema)}");
        }

        var newest = Newest(connection, schema);
        if (newest == 0)
        {
            Run(connection, Register);
        }

        foreach (var (number, name, sql) in Scripts.Where(script => script.Number > newest))
        {
            Run(connection, sql);
            Run(connection, Done(number, name));
        }

        transaction.Commit();
    }

    /// <summary>An identifier as SQL.</summary>
    internal static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static int Newest(NpgsqlConnection connection, string schema)
    {
        // One question, so one moment: asked one after the other, another process's tables could appear between the answers.
        var tables = Tables(connection, schema);
        if (!tables.Contains("aptrl_migration"))
        {
            return tables.Count > 0
                ? throw new InvalidDataException($"schema '{schema}' has tables 'journal' or 'snapshot' that are not AptRl's: name another schema with Search Path in the connection string")
                : 0;
        }

        using var command = new NpgsqlCommand("SELECT coalesce(max(number), 0) FROM aptrl_migration", connection);
        var newest = (int)command.ExecuteScalar()!;
        return newest <= Scripts[^1].Number
            ? newest
            : throw new InvalidDataException($"schema '{schema}' is of a newer AptRl (migration {newest}, this program knows {Scripts[^1].Number}): start the newer version");
    }

    private static HashSet<string> Tables(NpgsqlConnection connection, string schema)
    {
        using var command = new NpgsqlCommand("SELECT tablename FROM pg_tables WHERE schemaname = $1 AND tablename IN ('aptrl_migration', 'journal', 'snapshot')", connection)
        {
            Parameters = { new() { Value = schema } },
        };
        using var rows = command.ExecuteReader();
        var found = new HashSet<string>(StringComparer.Ordinal);
        while (rows.Read())
        {
            found.Add(rows.GetString(0));
        }

        return found;
    }

    private static bool Exists(NpgsqlConnection connection, string sql, string schema)
    {
        using var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = schema } } };
        return command.ExecuteScalar() is not null;
    }

    private static void Run(NpgsqlConnection connection, string sql)
    {
        using var command = new NpgsqlCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    private static string Done(int number, string name)
        => string.Create(CultureInfo.InvariantCulture, $"INSERT INTO aptrl_migration (number, name) VALUES ({number}, '{name}');");

    private static string Read(string resource)
    {
        using var reader = new StreamReader(Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!);
        return reader.ReadToEnd();
    }
}
