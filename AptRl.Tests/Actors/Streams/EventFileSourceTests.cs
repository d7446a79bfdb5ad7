using Akka.Streams;
using Akka.Streams.Dsl;
using Akka.TestKit.Xunit;
using AptRl.Actors.Streams;
using AptRl.Model.Ingest;
using Xunit;

namespace AptRl.Tests.Actors.Streams;

public sealed class EventFileSourceTests : TestKit
{
    [Fact]
    public async Task A_file_gives_its_events_in_order_and_its_bad_lines_aside()
    {
        var path = Path.Combine(Path.GetTempPath(), $"source-{Environment.ProcessId}.csv");
        try
        {
            await File.WriteAllTextAsync(path, "user,time,type,item\nann,1430623510,view,a\nann,never,view,b\nbob,1430623520,cart,c\n", TestContext.Current.CancellationToken);
            var rejected = new List<Rejected>();
            var items = await EventFileSource
                .Read(path, new EventFileOptions(), TimeProvider.System, Sink.ForEach<Rejected>(rejected.Add))
                .Select(interaction => interaction.Items[0].Value)
                .RunWith(Sink.Seq<string>(), Sys.Materializer())
                .WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);

            Assert.Equal(["a", "c"], items);
            await AwaitAssertAsync(() => Assert.Equal((3L, RejectCode.BadTime), (rejected.Single().Line, rejected.Single().Code)), cancellationToken: TestContext.Current.CancellationToken);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
