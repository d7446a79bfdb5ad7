using System.Net.Mime;
using AptRl.Model.Events;
using AptRl.Model.Ingest;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;
using Xunit;

namespace AptRl.Tests.Model.Ingest;

public sealed class EventJsonTests
{
    private static readonly DateTimeOffset Latest = ClockAt.Noon2026.GetUtcNow().AddMinutes(5);

    [Fact]
    public void A_plain_event_keeps_all_that_it_says()
    {
        var parsed = Parse("""
            {"id":"e1","type":"purchase","userId":"u1","time":"2026-05-01T10:00:00+02:00","sessionId":"s1","value":19.5,
             "items":["i1",{"item_id":"i2","price":3},77],"recommendationId":"r1","position":2,"context":{"device":"phone"}}
            """);

        Assert.Null(parsed.Rejected);
        var interaction = parsed.Interaction!;
        Assert.Equal(("e1", "e1", "u1"), (parsed.SentId, interaction.Id.Value, interaction.User.Value));
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 8, 0, 0, TimeSpan.Zero), interaction.At);
        Assert.Equal(["i1", "i2", "77"], interaction.Items.Select(item => item.Value));
        Assert.Equal((InteractionKind.Purchase, "s1", 19.5, "r1", 2), (interaction.Kind, interaction.Session, interaction.Value, interaction.RecommendationId, interaction.Position));
    }

    [Theory]
    [InlineData("""{"timestamp":1777629600000,"visitorid":257597,"event":"view","itemid":355908}""", "257597", InteractionKind.ViewItem, "355908")]
    [InlineData("""{"event_name":"add_to_cart","event_timestamp":1777629600000000,"user_pseudo_id":"p","items":[{"item_id":"A","item_name":"Shoe"}]}""", "p", InteractionKind.AddToCart, "A")]
    [InlineData("""{"type":"track","event":"Product Clicked","anonymousId":"a","userId":null,"messageId":"m","timestamp":"2026-05-01T10:00:00.000Z","properties":{"product_id":"P","name":"Shoe"}}""", "a", InteractionKind.SelectItem, "P")]
    [InlineData("""{"event":"purchase","user_id":"u","ts":"1777629600","ecommerce":{"value":5,"items":[{"id":"x"}]}}""", "u", InteractionKind.Purchase, "x")]
    public void What_shops_have_in_their_logs_is_read_as_it_is(string json, string user, InteractionKind kind, string item)
    {
        var interaction = Parse(json).Interaction;

        Assert.NotNull(interaction);
        Assert.Equal((user, kind, item), (interaction.User.Value, interaction.Kind, interaction.Items.Single().Value));
        Assert.Equal(new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero), interaction.At);
    }

    [Theory]
    [InlineData("1430623510", "2015-05-03T03:25:10Z")]
    [InlineData("1430623510000", "2015-05-03T03:25:10Z")]
    [InlineData("\"1430623510250\"", "2015-05-03T03:25:10.25Z")]
    [InlineData("1430623510.25", "2015-05-03T03:25:10.25Z")]
    [InlineData("1430623510250000", "2015-05-03T03:25:10.25Z")]
    [InlineData("\"2015-05-03T03:25:10.123456789Z\"", "2015-05-03T03:25:10.1234567Z")]
    [InlineData("\"2015-05-03t05:25:10+02:00\"", "2015-05-03T03:25:10Z")]
    [InlineData("\"2015-05-03 03:25:10 UTC\"", "2015-05-03T03:25:10Z")]
    public void Times_are_read_by_form_and_size(string time, string expected)
        => Assert.Equal(
            DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            Parse($$"""{"type":"view","user":"u","item":"i","time":{{time}}}""").Interaction?.At);

    [Theory]
    [InlineData("""{"type":"view","user":"u","item":"i","time":1}x""", RejectCode.MalformedJson)]
    [InlineData("""[1]""", RejectCode.MalformedJson)]
    [InlineData("""{"type":"view","user":"\ud800","item":"i","time":1}""", RejectCode.MalformedJson)]
    [InlineData("""{"type":"view","user":"u","item":"i","time":1,"value":NaN}""", RejectCode.MalformedJson)]
    [InlineData("""{"type":"view","user":"u","item":"i","time":1,"value":"NaN"}""", RejectCode.BadValue)]
    [InlineData("""{"type":"view","user":"u","item":"i","time":1,"value":"12"}""", RejectCode.BadValue)]
    [InlineData("""{"type":"view","user":"u","item":"i","time":1,"value":1e999}""", RejectCode.BadValue)]
    [InlineData("""{"type":"view","user":"u","item":"i","time":1,"position":-1}""", RejectCode.BadValue)]
    [InlineData("""{"type":"view","user":"u","item":"i","time":1,"position":1.5}""", RejectCode.BadValue)]
    [InlineData("""{"user":"u","item":"i","time":1}""", RejectCode.MissingType)]
    [InlineData("""{"type":"teleport","user":"u","item":"i","time":1}""", RejectCode.UnknownType)]
    [InlineData("""{"type":"view","user":"","item":"i","time":1}""", RejectCode.MissingUser)]
    [InlineData("""{"type":"view","user":{"id":1},"item":"i","time":1}""", RejectCode.BadId)]
    [InlineData("""{"type":"view","user":"a\u0000b","item":"i","time":1}""", RejectCode.BadId)]
    [InlineData("""{"type":"view","user":"u","item":"i"}""", RejectCode.MissingTime)]
    [InlineData("""{"type":"view","user":"u","item":"i","time":"yesterday"}""", RejectCode.BadTime)]
    [InlineData("""{"type":"view","user":"u","item":"i","time":"0001-01-01T00:00:00Z"}""", RejectCode.BadTime)]
    [InlineData("""{"type":"view","user":"u","item":"i","time":-5}""", RejectCode.BadTime)]
    [InlineData("""{"type":"view","user":"u","item":"i","time":1e25}""", RejectCode.BadTime)]
    [InlineData("""{"type":"view","user":"u","item":"i","time":"2026-05-01T12:05:00.0000001Z"}""", RejectCode.TimeInFuture)]
    [InlineData("""{"type":"view","user":"u","time":1}""", RejectCode.MissingItem)]
    [InlineData("""{"type":"view","user":"u","items":[],"time":1}""", RejectCode.MissingItem)]
    [InlineData("""{"type":"view","user":"u","items":["a",null],"time":1}""", RejectCode.MissingItem)]
    [InlineData("""{"specversion":"0.3","id":"1","source":"s","type":"view","data":{"user":"u","item":"i","time":1}}""", RejectCode.BadCloudEvent)]
    [InlineData("""{"specversion":"1.0","id":"1","type":"view","data":{"user":"u","item":"i","time":1}}""", RejectCode.BadCloudEvent)]
    [InlineData("""{"specversion":"1.0","id":"1","source":"s","type":"view","data_base64":"!"}""", RejectCode.BadCloudEvent)]
    public void A_bad_event_is_rejected_with_its_reason(string json, string code)
    {
        var parsed = EventJson.Parse(System.Text.Encoding.UTF8.GetBytes(json), 7, Latest);

        Assert.False(parsed.IsAccepted);
        Assert.Equal((7, code, json), (parsed.Rejected.Line, parsed.Rejected.Code, parsed.Rejected.Text));
    }

    [Fact]
    public void The_last_moment_of_the_tolerance_is_not_the_future()
        => Assert.True(Parse("""{"type":"view","user":"u","item":"i","time":"2026-05-01T12:05:00Z"}""").IsAccepted);

    [Fact]
    public void An_id_of_ten_kilobytes_is_rejected_and_its_text_is_cut()
    {
        var parsed = Parse($$"""{"type":"view","user":"{{new string('u', 10_240)}}","item":"i","time":1}""");

        Assert.Equal((RejectCode.IdTooLong, 500), (parsed.Rejected?.Code, parsed.Rejected?.Text?.Length));
        Assert.Contains("10240 characters, at most 256", parsed.Rejected?.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void More_items_than_an_event_may_name_are_rejected()
        => Assert.Equal(RejectCode.TooManyItems, Parse($$"""{"type":"buy","user":"u","time":1,"items":[{{string.Join(',', Enumerable.Range(0, 201))}}]}""").Rejected?.Code);

    [Fact]
    public void Bytes_that_are_not_UTF8_are_rejected()
        => Assert.Equal(RejectCode.BadEncoding, EventJson.Parse(new byte[] { 0x7b, 0xff, 0x7d }, 1, Latest).Rejected?.Code);

    [Fact]
    public void A_repeated_event_without_an_id_has_the_same_id_and_any_other_event_has_another()
    {
        string[] different =
        [
            """{"type":"view","user":"u","item":"i","time":1}""",
            """{"type":"click","user":"u","item":"i","time":1}""",
            """{"type":"view","user":"v","item":"i","time":1}""",
            """{"type":"view","user":"u","item":"j","time":1}""",
            """{"type":"view","user":"u","item":"i","time":2}""",
            """{"type":"view","user":"u","items":["i","i"],"time":1}""",
            """{"type":"search","user":"u","query":"a","time":1}""",
            """{"type":"search","user":"u","query":"b","time":1}""",
        ];

        Assert.Equal(8, different.Select(json => Parse(json).Interaction!.Id).Distinct().Count());
        Assert.Equal(Parse(different[0]).Interaction!.Id, Parse("""{"time":"1970-01-01T00:00:01Z","event":"view_item","user_id":"u","itemId":"i"}""").Interaction!.Id);
        Assert.Equal("c-", Parse(different[0]).Interaction!.Id.Value[..2]);
    }

    [Fact]
    public void CloudEvents_made_by_the_official_library_are_read_one_by_one_and_in_batches()
    {
        CloudEvent Made(string id, string source) => new()
        {
            Id = id,
            Source = new Uri(source, UriKind.RelativeOrAbsolute),
            Type = "com.shop.view_item",
            Time = new DateTimeOffset(2026, 5, 1, 10, 0, 0, TimeSpan.Zero),
            DataContentType = "application/json",
            Data = new { userId = "u", itemId = 5 },
        };
        var formatter = new JsonEventFormatter();
        var one = formatter.EncodeStructuredModeMessage(Made("1", "/web"), out var oneType);
        var several = formatter.EncodeBatchModeMessage([Made("1", "/web"), Made("1", "/app")], out var severalType);

        var alone = Assert.Single(Body(one, oneType));
        var batch = Body(several, severalType);

        Assert.Equal(("/web#1", "1", "u", "5"), (alone.Interaction?.Id.Value, alone.SentId, alone.Interaction?.User.Value, alone.Interaction?.Items[0].Value));
        Assert.Equal(["/web#1", "/app#1"], batch.Select(parsed => parsed.Interaction?.Id.Value));

        IReadOnlyList<ParsedEvent> Body(ReadOnlyMemory<byte> body, ContentType type) => EventJson.ParseBody(body, type.ToString(), new EventBodyOptions(), ClockAt.Noon2026);
    }

    [Theory]
    [InlineData("application/json", """[{"type":"view","user":"u","item":"i","time":1},3,{"type":"buy","user":"u","time":2}]""")]
    [InlineData("application/json; charset=utf-8", """{"events":[{"type":"view","user":"u","item":"i","time":1},3,{"type":"buy","user":"u","time":2}]}""")]
    [InlineData("application/x-ndjson", "{\"type\":\"view\",\"user\":\"u\",\"item\":\"i\",\"time\":1}\r\n3\n{\"type\":\"buy\",\"user\":\"u\",\"time\":2}\n\n")]
    public void One_bad_event_of_a_body_leaves_the_others(string contentType, string body)
    {
        var events = EventJson.ParseBody(System.Text.Encoding.UTF8.GetBytes(body), contentType, new EventBodyOptions(), ClockAt.Noon2026);

        Assert.Equal([null, RejectCode.MalformedJson, null], events.Select(parsed => parsed.Rejected?.Code));
        Assert.Equal([1, 2, 3], events.Select(parsed => parsed.Line));
        Assert.Equal("3", events[1].Rejected?.Text);
    }

    [Theory]
    [InlineData("application/json", "{", IngestFault.MalformedJson)]
    [InlineData("application/json", " \r\n", IngestFault.EmptyBody)]
    [InlineData("text/html", "{}", IngestFault.UnsupportedContentType)]
    [InlineData("application/json", "[{},{},{}]", IngestFault.BatchTooLarge)]
    [InlineData("application/x-ndjson", "{}\n{}\n{}", IngestFault.BatchTooLarge)]
    public void A_body_that_cannot_be_read_is_refused_as_a_whole(string contentType, string body, string code)
        => Assert.Equal(code, Assert.Throws<IngestException>(
            () => EventJson.ParseBody(System.Text.Encoding.UTF8.GetBytes(body), contentType, new EventBodyOptions { EventsMax = 2 }, ClockAt.Noon2026)).Code);

    private static ParsedEvent Parse(string json) => EventJson.Parse(System.Text.Encoding.UTF8.GetBytes(json), 1, Latest);
}
