using System.Buffers.Binary;
using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace AptRl.Actors.Persistence;

/// <summary>Keeps a second process out of a schema, as <see cref="DataLock"/> does of a folder: by a session's advisory lock.</summary>
/// <remarks>
/// The server gives it back when the session ends, however the process ends. A machine that is cut off keeps its session
/// until the server's keep-alives miss it, after about half a minute. A database that is stopped and started has forgotten
/// it; <see cref="IsHeldAsync"/> then takes it anew. In between nothing is lost: who would write meanwhile the number that another
/// has written is refused by the table's unique key. Where <see cref="PostgresOptions.IsOneProcess"/> is false the nodes of a cluster
/// share it: it keeps out who is none.
/// </remarks>
internal sealed class PostgresLock : IDisposable
{
    // Half of the key: that it is AptRl's. The other half is the schema's; the database is the lock's own.
    private const int Class = 0x41707452;

    // Of what a session calls itself the server keeps so much.
    private const int NameLengthMax = 60;

    private readonly string _connectionString;
    private readonly string _schema;
    private readonly string _session;
    private readonly bool _isOneProcess;
    private NpgsqlConnection? _connection;

    public PostgresLock(PostgresOptions options, string schema)
    {
        (_schema, _isOneProcess) = (schema, options.IsOneProcess);
        _session = string.Create(CultureInfo.InvariantCulture, $"aptrl {Environment.ProcessId} {Stopwatch.GetTimestamp():x} {Environment.MachineName}");
        _session = _session[..Math.Min(_session.Length, NameLengthMax)];
        var settings = PostgresStore.Settings(options.ConnectionString, Durability.PowerCut);
        settings.Pooling = false;
        settings.CommandTimeout = 5;
        settings.Timeout = 3;
        settings.ApplicationName = _session;
        settings.Options = $"{settings.Options} -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c lock_timeout=3s".TrimStart();
        _connectionString = settings.ConnectionString;
    }

    /// <summary>Takes it; a session that is just ending is waited for.</summary>
    /// <exception cref="IOException">Another process has it, or the database is away.</exception>
    public void Take()
    {
        try
        {
            if (!TryTake())
            {
                throw new IOException($"schema '{_schema}' is in use by another AptRl process: stop it, or name another schema with Search Path in the connection string");
            }
        }
        catch (NpgsqlException fault)
        {
            throw new IOException($"schema '{_schema}': {fault.Message}", fault);
        }
    }

    /// <summary>Whether it is held, taken anew where its session has ended.</summary>
    /// <returns>False where another process has it.</returns>
    /// <exception cref="NpgsqlException">The database is away.</exception>
    public async Task<bool> IsHeldAsync()
    {
        if (_connection is not null)
        {
            try
            {
                await using var command = new NpgsqlCommand("SELECT 1", _connection);
                await command.ExecuteScalarAsync().ConfigureAwait(false);
                return true;
            }
            catch (Exception fault) when (fault is NpgsqlException or InvalidOperationException)
            {
                Dispose();
                throw;
            }
        }

        return await Task.Run(TryTake).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }

    private bool TryTake()
    {
        _connection = new NpgsqlConnection(_connectionString);
        try
        {
            _connection.Open();
            if (_isOneProcess)
            {
                // After a cut in the network the server may still keep the session that this process had.
                Ask(
                    """
                    SELECT count(pg_terminate_backend(pid)) FROM pg_locks JOIN pg_stat_activity USING (pid)
                    WHERE locktype = 'advisory' AND granted AND classid::bigint = $1 AND objid::bigint = $2 AND application_name = $3 AND pid <> pg_backend_pid()
                    """,
                    (long)Class, (long)(uint)KeyOf(_schema), _session);

                // Waits as long as lock_timeout says.
                Ask("SELECT 1 FROM pg_advisory_lock($1, $2)", Class, KeyOf(_schema));
            }
            else
            {
                Ask("SELECT 1 FROM pg_advisory_lock_shared($1, $2)", Class, KeyOf(_schema));
            }

            return true;
        }
        catch (PostgresException fault) when (fault.SqlState == PostgresErrorCodes.LockNotAvailable)
        {
            Dispose();
            return false;
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private void Ask(string sql, params object[] values)
    {
        using var command = new NpgsqlCommand(sql, _connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        command.ExecuteNonQuery();
    }

    private static int KeyOf(string schema) => BinaryPrimitives.ReadInt32LittleEndian(SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(schema)));
}
