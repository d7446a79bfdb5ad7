using Akka.Persistence.Query;
using Akka.Persistence.Sql.Query;
using Akka.Streams;
using AptRl.Actors.Agents;
using AptRl.Actors.Hosting;
using AptRl.Actors.Versions;
using AptRl.Host.Hosting;
using AptRl.Host.Versions;
using AptRl.Model.Events;
using AptRl.Model.Learning;
using AptRl.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace AptRl.Tests.Host.Versions;

[Collection("Torch")]
public sealed class TakeOverTests(TwoEncoders encoders) : IClassFixture<TwoEncoders>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Learned_anew_with_its_own_encoder_a_journal_gives_what_the_learner_has_to_the_bit()
    {
        await using var aptRl = await StartAsync(encoders.Copy("own"));
        using var model = encoders.Load(encoders.First);
        var fold = await EncoderFold.ReadAsync(aptRl.System, model, new AptRlOptions { DataDirectory = "x", Model = model }.WindowsInForce, [new() { Id = Sample.Home }], _ => { }, Cancellation);
        Assert.Equal((0, 0), (fold.Encoded, fold.Lost));
        Assert.Equal((await LearnedAsync(aptRl)).Image().Buckets.Select(SumsOf), fold.TookOver(Sample.Home).Buckets.Select(SumsOf));
    }

    [Fact]
    public async Task A_promoted_version_takes_over_at_the_start_and_a_rollback_gives_back_the_parameters_to_the_bit()
    {
        var folder = encoders.Copy("there-and-back");
        var (before, decisions) = await LearnedAsync(folder);
        new VersionFolder(folder).Change(versions => versions!.Promote(encoders.Second, Sample.Noon));
        var (promoted, _) = await LearnedAsync(folder);
        Assert.Equal((null, encoders.Second), (before.Encoder, promoted.Encoder));
        Assert.NotEqual(Parameters(before), Parameters(promoted));
        Assert.Equal((before.Decisions, before.Rewards, before.Lessons), (promoted.Decisions, promoted.Rewards, promoted.Lessons));
        Assert.Equal(before.Policy().Rows, promoted.Policy().Rows);

        // Started again nothing is made anew: one fact, one version.
        Assert.Equal(promoted.Version, (await LearnedAsync(folder)).Learner.Version);
        new VersionFolder(folder).Change(versions => versions!.RollBack(Sample.Noon));
        var (back, _) = await LearnedAsync(folder);
        Assert.Equal((encoders.First, before.Version + 2), (back.Encoder, back.Version));
        Assert.Equal(Parameters(before), Parameters(back));
        Assert.True(decisions > 500, $"{decisions}");
    }

    [Fact]
    public async Task What_is_earned_after_a_promotion_by_a_decision_of_before_is_learned_when_the_journal_is_learned_anew()
    {
        var folder = encoders.Copy("late");
        Decision decision;
        await using (var aptRl = await StartAsync(folder))
        {
            var answer = await aptRl.Personalizer.RecommendAsync(
                new RecommendRequest(new UserId("late"), Sample.Home, "page", Sample.Noon, 4, [], []), Cancellation);
            decision = answer.Decision!;
            await aptRl.Personalizer.PublishAsync(Cancellation);
        }

        new VersionFolder(folder).Change(versions => versions!.Promote(encoders.Second, Sample.Noon));
        await using (var aptRl = await StartAsync(folder))
        {
            var before = await LearnedAsync(aptRl);
            var click = new Interaction(
                new EventId("click"), decision.User, InteractionKind.SelectItem, Sample.Noon.AddMinutes(1), [decision.Slate[0].Item], recommendationId: decision.Id.Value);
            Assert.Equal(1, (await aptRl.Personalizer.ObserveAsync(click, Cancellation)).RewardsJoined);
            await aptRl.Personalizer.PublishAsync(Cancellation);
            var after = await LearnedAsync(aptRl);
            Assert.Equal((0, 1, before.Rewards + 1), (before.Foreign, after.Foreign, after.Rewards));
            Assert.Equal(Parameters(before), Parameters(after));

            using var model = encoders.Load(encoders.Second);
            var fold = await EncoderFold.ReadAsync(aptRl.System, model, new AptRlOptions { DataDirectory = "x", Model = model }.WindowsInForce, [new() { Id = Sample.Home }], _ => { }, Cancellation);
            Assert.NotEqual(Parameters(after), Parameters(fold.Learners[Sample.Home].Learner));
        }
    }

    [Fact]
    public async Task Killed_at_any_moment_of_taking_over_it_ends_as_one_that_was_never_disturbed()
    {
        var (undisturbed, _) = await LearnedAsync(encoders.Copy("undisturbed", isPromoted: true));
        var folder = encoders.Copy("killed", isPromoted: true);
        foreach (var delay in (int[])[150, 600, 900, 1_200, 60_000])
        {
            using var server = AptRlProcess.Start("serve", "--urls", "http://127.0.0.1:0", "--data-dir", folder);
            for (var waited = 0; waited < delay && !server.HasEnded && TakeOvers(folder) == 0; waited += 20)
            {
                await Task.Delay(20, Cancellation);
            }

            server.Kill();
            await server.EndAsync();
        }

        Assert.Equal(1, TakeOvers(folder));
        var (killed, _) = await LearnedAsync(folder);
        Assert.Equal(undisturbed.Image().Hash(), killed.Image().Hash());
    }

    [Fact]
    public async Task A_folder_is_served_with_the_encoder_that_it_was_served_with()
    {
        var folder = encoders.Copy("refused");
        File.Delete(new VersionFolder(folder).ManifestFile);
        var (code, _, error) = await AptRlProcess.RunAsync("serve", "--urls", "http://127.0.0.1:0", "--data-dir", folder, "--model", encoders.PathOf("second.safetensors"));
        Assert.Equal(1, code);
        Assert.Contains($"were made with encoder {encoders.First}", error, StringComparison.Ordinal);
        Assert.Contains("aptrl versions add", error, StringComparison.Ordinal);
    }

    private static async Task<(Learner Learner, long Decisions)> LearnedAsync(string folder)
    {
        await using var aptRl = await StartAsync(folder);
        var learner = await LearnedAsync(aptRl);
        return (learner, learner.Decisions);
    }

    // From the journal alone: what is not in it was not durable.
    private static async Task<Learner> LearnedAsync(EmbeddedAptRl aptRl)
    {
        var learned = new LearnerJournal(new LearnerOptions());
        await PersistenceQuery.Get(aptRl.System).ReadJournalFor<SqlReadJournal>(SqlReadJournal.Identifier)
            .CurrentEventsByPersistenceId(LearnerActor.PersistenceIdOf(Sample.Home), 0, long.MaxValue)
            .RunForeach(
                envelope =>
                {
                    if (envelope.Event is EncoderTookOver took)
                    {
                        learned.Apply(took);
                    }
                    else
                    {
                        learned.Apply((LessonsLearned)envelope.Event);
                    }
                },
                aptRl.System.Materializer());
        var view = Assert.Single(await aptRl.Personalizer.ScenariosAsync(Cancellation));
        Assert.Equal(learned.Learner.Image().Hash(), view.PolicyHash);
        return learned.Learner;
    }

    private static Task<EmbeddedAptRl> StartAsync(string folder)
    {
        var served = ServedEncoder.Of(folder, null, null);
        return EmbeddedAptRl.StartAsync(
            new AptRlOptions { DataDirectory = folder, Model = served.Model, TakesOver = served.TakesOver, Learner = new() { PublishEvery = TimeSpan.Zero } }, Cancellation);
    }

    private static float[] Parameters(Learner learner) => learner.Policy().Parameters.ToArray();

    private static string SumsOf((long Bucket, RidgeStatistics Statistics) bucket)
        => $"{bucket.Bucket} {bucket.Statistics.Rows} {string.Join(',', bucket.Statistics.Gram.ToArray())} {string.Join(',', bucket.Statistics.Rewards.ToArray())}";

    private static long TakeOvers(string folder)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(folder, "journal.db")};Pooling=False;Default Timeout=5");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM journal WHERE manifest = 'EO'";
        return (long)command.ExecuteScalar()!;
    }
}
