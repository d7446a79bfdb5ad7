using System.IO.Compression;
using AptRl.Model.Events;
using AptRl.Model.Ingest;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace AptRl.Tests.Model.Ingest;

public sealed class EventFileTests : IDisposable
{
    private const string View = """{"type":"view","user":"u","item":"i","time":1}""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-ingest-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task RetailRockets_raw_log_is_read_without_a_mapping()
    {
        var events = await ReadAsync("events.csv", "timestamp,visitorid,event,itemid,transactionid\n1433221332117,257597,view,355908,\n1433222276276,599528,transaction,356475,4000\n");

        Assert.Equal(["257597", "599528"], events.Select(parsed => parsed.Interaction?.User.Value));
        Assert.Equal([InteractionKind.ViewItem, InteractionKind.Purchase], events.Select(parsed => parsed.Interaction!.Kind));
        Assert.Equal(new DateTimeOffset(2015, 6, 2, 5, 2, 12, 117, TimeSpan.Zero), events[0].Interaction?.At);
    }

    [Theory]
    [InlineData("a.tsv", "who\twhen\tdid\twhat\nu\t1\tbuy\t\"i\n")]
    [InlineData("a.csv", "who;when;did;what\r\nu;1;buy;\"\"\"i\"\r\n")]
    [InlineData("a.csv", "who,when,did,what\nu,1,buy,\"\"\"i\"")]
    [InlineData("a.csv", "\uFEFFWho|when|did|what|more\nu|1|buy|\"\"\"i\"|\"a|b\"")]
    public async Task A_mapping_names_the_columns_and_the_header_shows_the_delimiter(string name, string text)
    {
        var parsed = Assert.Single(await ReadAsync(name, text, new EventFileOptions { Columns = ColumnMapping.Parse("user=who, time=WHEN, type=did, item=what") }));

        Assert.Equal(("u", "\"i", 2), (parsed.Interaction?.User.Value, parsed.Interaction?.Items[0].Value, parsed.Line));
    }

    [Fact]
    public async Task A_bad_row_costs_only_itself()
    {
        var events = await ReadAsync("a.csv", "user,time,type,item,value\nu,1,view,i,\nu,1,view,\"i,\nu,1,view,i\nu,1,view,i,NaN\nu,1,vi\rew,i,\n\nu,1,view,i,2.5\n");

        Assert.Equal(
            [(2, null), (3, RejectCode.BadQuoting), (4, RejectCode.BadColumnCount), (5, RejectCode.BadValue), (6, RejectCode.BadQuoting), (8, null)],
            events.Select(parsed => (parsed.Line, parsed.Rejected?.Code)));
        Assert.Equal(2.5, events[5].Interaction?.Value);
    }

    [Fact]
    public async Task A_mapping_to_a_column_that_is_not_there_says_which_are()
    {
        var options = new EventFileOptions { Columns = ColumnMapping.Parse("user=visitor,time=t,type=e,item=i") };

        var fault = await Assert.ThrowsAsync<IngestException>(() => ReadAsync("a.csv", "visitorid,t,e,i\n", options));

        Assert.Equal(IngestFault.MissingColumn, fault.Code);
        Assert.Contains("\"visitor\" is not in the header; the columns there are: visitorid, t, e, i", fault.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user=a,time=b,type=c")]
    [InlineData("user=a,time=b,type=c,item=d,colour=e")]
    [InlineData("user=a,time=b,type=c,item=")]
    [InlineData("user=a,user=b,time=b,type=c,item=d")]
    [InlineData("user")]
    public void A_mapping_of_another_form_is_refused(string text)
        => Assert.Equal(IngestFault.BadMapping, Assert.Throws<IngestException>(() => ColumnMapping.Parse(text)).Code);

    [Theory]
    [InlineData("a.parquet", IngestFault.UnknownExtension)]
    [InlineData("a.gz", IngestFault.UnknownExtension)]
    [InlineData("a.ndjson.gz", IngestFault.NotGzip)]
    [InlineData("a.csv", IngestFault.MissingColumn)]
    public async Task A_file_that_cannot_be_read_is_refused_before_the_first_event(string name, string code)
        => Assert.Equal(code, (await Assert.ThrowsAsync<IngestException>(() => ReadAsync(name, "plain text"))).Code);

    [Fact]
    public void A_missing_file_is_refused_at_once()
        => Assert.Equal(IngestFault.MissingFile, Assert.Throws<IngestException>(
            () => EventFile.ReadAsync(Path.Combine(_folder.FullName, "no.ndjson"), new EventFileOptions(), ClockAt.Noon2026, TestContext.Current.CancellationToken)).Code);

    [Fact]
    public async Task A_line_longer_than_the_bound_is_skipped_and_the_next_is_read()
    {
        // 300,000 bytes pass through the reader's 64 KiB buffer several times.
        var text = $"{View}\n{new string('x', 300_000)}\n{View}\n{new string('y', 101)}\n{View}";

        var events = await ReadAsync("a.ndjson", text, new EventFileOptions { LineBytesMax = 100 });

        Assert.Equal(
            [(1, null), (2, RejectCode.LineTooLong), (3, null), (4, RejectCode.LineTooLong), (5, null)],
            events.Select(parsed => (parsed.Line, parsed.Rejected?.Code)));
        Assert.Equal(new string('x', 500), events[1].Rejected?.Text);
    }

    [Fact]
    public async Task A_json_array_is_read_element_by_element_whatever_its_layout()
    {
        var text = $"[\n{View},{{\"type\":\n\"view\",\"user\":\"}}]\\\"\",\"items\":[\"i\"],\"time\":2}}\n, 12 ,\"{new string('x', 200_000)}\", nonsense, {View} ]\n";

        var events = await ReadAsync("a.json", text, new EventFileOptions { LineBytesMax = 1_000 });

        Assert.Equal(
            [(2, null), (2, null), (4, RejectCode.MalformedJson), (4, RejectCode.LineTooLong), (4, RejectCode.MalformedJson), (4, null)],
            events.Select(parsed => (parsed.Line, parsed.Rejected?.Code)));
        Assert.Equal("}]\"", events[1].Interaction?.User.Value);
    }

    [Theory]
    [InlineData("a.json")]
    [InlineData("a.jsonl")]
    public async Task Objects_one_after_another_are_read_too(string name)
        => Assert.Equal(2, (await ReadAsync(name, $"{View}\n{View}")).Count(parsed => parsed.IsAccepted));

    [Fact]
    public async Task A_json_array_that_is_not_closed_is_truncated()
        => Assert.Equal([null, RejectCode.Truncated], (await ReadAsync("a.json", $"[{View},{View[..20]}")).Select(parsed => parsed.Rejected?.Code));

    [Fact]
    public async Task A_gzip_cut_short_gives_everything_before_and_then_says_so()
    {
        var lines = Enumerable.Range(1, 20_000).Select(i => $$"""{"type":"view","user":"u{{i * 7919 % 10_007}}","item":"i{{i}}","time":{{i}}}""");
        var whole = Gzip(string.Join('\n', lines));
        await File.WriteAllBytesAsync(PathOf("a.ndjson.gz"), whole[..(whole.Length / 2)], TestContext.Current.CancellationToken);

        var events = await ReadAsync("a.ndjson.gz");

        Assert.InRange(events.Count, 5_000, 15_000);
        Assert.All(events.SkipLast(1), (parsed, index) => Assert.Equal($"i{index + 1}", parsed.Interaction?.Items[0].Value));
        var last = events[^1];
        Assert.Equal((RejectCode.Truncated, (long)events.Count), (last.Rejected?.Code, last.Line));
        Assert.Contains($"after {events.Count - 1} whole lines", last.Rejected?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_whole_gzip_gives_every_event()
    {
        await File.WriteAllBytesAsync(PathOf("a.tsv.gz"), Gzip("user\tunix_seconds\tevent\titem\n1176\t1430623510\tview\t6768\n1176\t1430623535\tcart\t6768\n"), TestContext.Current.CancellationToken);

        Assert.Equal([InteractionKind.ViewItem, InteractionKind.AddToCart], (await ReadAsync("a.tsv.gz")).Select(parsed => parsed.Interaction!.Kind));
    }

    [Theory]
    [InlineData("a.ndjson", "")]
    [InlineData("a.csv", "user,time,type,item\n")]
    [InlineData("a.tsv", "user\ttime\ttype\titem\n")]
    public void Any_bytes_give_exactly_one_answer_for_each_line(string name, string header)
    {
        // Letters that mean something to the readers are likelier than others, so that the bytes reach beyond the first check.
        var letter = Gen.Frequency((3, Gen.Elements("\n\r\",{}[]:\\\t u1"u8.ToArray())), (1, Gen.Choose(0, 255).Select(value => (byte)value)));
        var piece = Gen.Frequency((4, letter.ListOf().Select(letters => letters.ToArray())), (1, Gen.Elements(View, "u,1,view,i", "u\t1\tview\ti", "\n", "\"").Select(System.Text.Encoding.UTF8.GetBytes)));
        var bytes = piece.ListOf().Select(pieces => pieces.SelectMany(one => one).ToArray()).ToArbitrary();

        Prop.ForAll(bytes, garbage =>
        {
            File.WriteAllBytes(PathOf(name), [.. System.Text.Encoding.UTF8.GetBytes(header), .. garbage]);
            var events = EventFile.ReadAsync(PathOf(name), new EventFileOptions(), ClockAt.Noon2026).ToBlockingEnumerable().ToList();
            var lines = System.Text.Encoding.Latin1.GetString(garbage).Split('\n').Count(line => line.Trim(' ', '\r').Length > 0);
            return events.Count == lines && events.All(parsed => parsed.Interaction is null != parsed.Rejected is null);
        }).Check(Config.QuickThrowOnFailure.WithReplay(2026, 1).WithMaxTest(300));
    }

    private static byte[] Gzip(string text)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(System.Text.Encoding.UTF8.GetBytes(text));
        }

        return packed.ToArray();
    }

    private string PathOf(string name) => Path.Combine(_folder.FullName, name);

    private async Task<List<ParsedEvent>> ReadAsync(string name, string text, EventFileOptions? options = null)
    {
        await File.WriteAllTextAsync(PathOf(name), text, TestContext.Current.CancellationToken);
        return await ReadAsync(name, options);
    }

    private async Task<List<ParsedEvent>> ReadAsync(string name, EventFileOptions? options = null)
    {
        var events = new List<ParsedEvent>();
        await foreach (var parsed in EventFile.ReadAsync(PathOf(name), options ?? new EventFileOptions(), ClockAt.Noon2026))
        {
            events.Add(parsed);
        }

        return events;
    }
}
