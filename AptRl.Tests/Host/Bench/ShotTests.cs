using System.Text;
using AptRl.Host.Bench;
using AptRl.Model.Events;
using Xunit;

namespace AptRl.Tests.Host.Bench;

public sealed class ShotTests
{
    private const string Slate = """
        {"recommendationId":"r","policy":"learned","items":[{"itemId":"item-4","position":0,"score":0.1,"propensity":0.5},{"itemId":"item-0","position":1,"propensity":1}],"filtered":[{"filter":"x","count":1}]}
        """;

    private const string Event = """{"accepted":1,"results":[{"line":1,"id":"e","status":"accepted","rewardsJoined":1}]}""";

    [Theory]
    [InlineData("", "", null)]
    [InlineData("item-4", "item-0", "twice")]
    [InlineData("item-4", "item-5", "not in the catalogue")]
    [InlineData("item-4", "item-4x", "not in the catalogue")]
    [InlineData("\"propensity\":1}", "\"propensity\":0}", "propensity 0 ")]
    [InlineData("\"propensity\":1}", "\"propensity\":1.01}", "propensity 1.01 ")]
    [InlineData("\"propensity\":1}", "\"score\":1}", "propensity NaN ")]
    [InlineData("\"position\":1", "\"position\":2", "position 2 ")]
    [InlineData("\"recommendationId\":\"r\",", "", "no recommendationId")]
    [InlineData("\"propensity\":0.5},{", "\"propensity\":0.5}],\"more\":[{", "1 items")]
    [InlineData("\"items\"", "\"item\"", "0 items")]
    [InlineData("1}],", "1}],,", "not what was agreed")]
    public void A_wrong_slate_is_noticed(string was, string instead, string? fault)
    {
        var clicks = new Clicks();
        var shot = new RecommendShot([], "u", clicked: 1, new BenchShop(users: 1, catalogue: 5), slateLength: 2, clicks);

        var found = shot.Fault(Encoding.UTF8.GetBytes(was.Length == 0 ? Slate : Slate.Replace(was, instead, StringComparison.Ordinal)));

        Contains(fault, found);
        Assert.Equal(fault is null, clicks.TryTake(out var shown));
        Assert.Equal(fault is null ? new ShownItem("u", "r", 0, 1) : default, shown);
    }

    [Theory]
    [InlineData("", "", true, null)]
    [InlineData("\"rewardsJoined\":1", "\"rewardsJoined\":0", false, null)]
    [InlineData("\"rewardsJoined\":1", "\"rewardsJoined\":0", true, "earned 0 rewards")]
    [InlineData("\"rewardsJoined\":1", "\"rewardsJoined\":2", true, "earned 2 rewards")]
    [InlineData("\"status\":\"accepted\"", "\"status\":\"duplicate\"", true, "was not accepted")]
    [InlineData("\"id\":\"e\"", "\"id\":\"f\"", true, "about event \"f\"")]
    [InlineData("\"accepted\":1", "\"accepted\":0", true, "0 accepted in 1 results")]
    [InlineData("[{", "[],\"more\":[{", true, "1 accepted in 0 results")]
    [InlineData("{\"accepted\"", "\"accepted\"", true, "not what was agreed")]
    public void A_wrong_answer_to_an_event_is_noticed(string was, string instead, bool isClick, string? fault)
        => Contains(fault, new EventShot([], "e", isClick).Fault(Encoding.UTF8.GetBytes(was.Length == 0 ? Event : Event.Replace(was, instead, StringComparison.Ordinal))));

    [Fact]
    public void The_second_item_is_drawn_half_as_often_as_the_first()
    {
        var shop = new BenchShop(users: 1, catalogue: 3);
        var chance = new Chance(7);
        var drawn = new int[3];
        for (var i = 0; i < 110_000; i++)
        {
            drawn[shop.DrawItem(ref chance)]++;
        }

        // Weights 1, 1/2, 1/3 are 6/11, 3/11, 2/11 of 110,000; a standard deviation is 165 at most.
        Assert.InRange(drawn[0], 59_200, 60_800);
        Assert.InRange(drawn[1], 29_200, 30_800);
        Assert.InRange(drawn[2], 19_200, 20_800);
    }

    private static void Contains(string? fault, string? found)
    {
        if (fault is null)
        {
            Assert.Null(found);
        }
        else
        {
            Assert.Contains(fault, found, StringComparison.Ordinal);
        }
    }
}
