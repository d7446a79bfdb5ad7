using System.CommandLine;
using AptRl.Actors.Persistence;

namespace AptRl.Host.Commands;

/// <summary><c>aptrl postgres</c>: the tables of a PostgreSQL database, for who makes them by hand.</summary>
internal static class PostgresCommand
{
    private static readonly Option<string> Schema = new("--schema") { Description = "The schema of the tables.", DefaultValueFactory = _ => "aptrl" };

    private static readonly Option<int> After = new("--after")
    {
        Description = "Leave out the scripts up to this number: what 'SELECT max(number) FROM aptrl_migration' says.",
    };

    public static Command Create()
    {
        var ddl = new Command("ddl", "Prints the script that makes the tables.") { Schema, After }.WithExamples(
            "aptrl postgres ddl | psql --dbname shop",
            "aptrl postgres ddl --schema personalization",
            "aptrl postgres ddl --after 1");
        ddl.RequireAtLeast(After, 0);
        ddl.SetAction(arguments =>
        {
            arguments.InvocationConfiguration.Output.WriteLine(PostgresMigrations.Script(arguments.GetValue(Schema)!, arguments.GetValue(After)));
            return Cli.Done;
        });
        return new Command("postgres", "The tables of journal and snapshots in a PostgreSQL database.") { ddl }.WithExamples("aptrl postgres ddl | psql --dbname shop");
    }
}
