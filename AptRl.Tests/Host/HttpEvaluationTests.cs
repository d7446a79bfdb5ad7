using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host;

public sealed class HttpEvaluationTests(HttpServer server) : IClassFixture<HttpServer>
{
    [Fact]
    public async Task A_policy_is_judged_by_what_the_node_decided()
    {
        var answer = await server.GetAsync("/v1/evaluations?target=greedy&positions=1");

        // The best item was drawn with 1/3 and is clicked by about half; the greedy target shows it always.
        Assert.Equal(200, answer.Status);
        Assert.Equal(("greedy", "home", "click", "better", "cascade-dr"), (
            (string)answer.Json["target"]!, (string)answer.Json["scenario"]!, (string)answer.Json["reward"]!, (string)answer.Json["verdict"]!, (string)answer.Json["judgedBy"]!));
        Assert.Equal(6, answer.Json["estimators"]!.AsArray().Count);
        var snips = answer.Json["estimators"]!.AsArray().Single(estimator => (string)estimator!["name"]! == "cascade-snips")!;
        Assert.InRange((double)snips["value"]!, 0.4, 0.6);
        Assert.Equal(400, (int)answer.Json["diagnosis"]!["rounds"]!);
    }

    [Theory]
    [InlineData("?target=best", 422, "unknown_target")]
    [InlineData("?reward=joy", 422, "unknown_reward")]
    [InlineData("?reward=next", 422, "unknown_reward")]
    [InlineData("?reward=1", 422, "unknown_reward")]
    [InlineData("?positions=0", 422, "bad_positions")]
    [InlineData("?positions=11", 422, "bad_positions")]
    [InlineData("?scenario=%20", 422, "bad_id")]
    [InlineData("?scenario=cellar", 404, "no_decisions")]
    public async Task A_question_that_cannot_be_answered_is_refused(string query, int status, string code)
    {
        var answer = await server.GetAsync("/v1/evaluations" + query);
        Assert.Equal((status, code), (answer.Status, answer.Code));
    }
}
