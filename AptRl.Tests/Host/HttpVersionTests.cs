using AptRl.Actors.Versions;
using AptRl.Model.Encoding;
using AptRl.Model.Versions;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host;

[Collection("Torch")]
public sealed class HttpVersionTests
{
    [Fact]
    public async Task A_version_is_promoted_and_rolled_back_and_the_answer_says_when_it_takes_over()
    {
        var data = Directory.CreateTempSubdirectory("aptrl-http-versions-");
        try
        {
            await using var server = await HttpServer.StartAsync(options => options with { DataDir = data.FullName });
            var alone = await server.GetAsync("/v1/versions");
            Assert.Equal(("m1", "m1", 0), ((string)alone.Json["serving"]!, (string)alone.Json["active"]!, alone.Json["versions"]!.AsArray().Count));
            Assert.Equal((404, "no_versions"), Told(await server.PostAsync("/v1/versions/ffff/promote", "")));

            var folder = new VersionFolder(data.FullName);
            string[] ids = [.. new ulong[] { 1, 2 }.Select(seed =>
            {
                using var model = EncoderModel.Fresh(new EncoderOptions { Width = 8, Layers = 1 }, [], seed);
                folder.Keep(model);
                return model.Version;
            })];
            folder.Change(_ => EncoderVersions.Of(new EncoderVersion(ids[0], HttpServer.Now, "one")).With(new EncoderVersion(ids[1], HttpServer.Now, "two")));
            Assert.Equal($"{ids[0]} active, {ids[1]} shadow", States(await server.GetAsync("/v1/versions")));

            var promoted = await server.PostAsync($"/v1/versions/{ids[1]}/promote", "");
            Assert.Equal((200, $"{ids[0]} former, {ids[1]} active", "at the next start"), (promoted.Status, States(promoted), (string?)promoted.Json["takesOver"]));
            Assert.Equal(ids[1], folder.Read()!.Active);
            Assert.Equal((422, "version_refused"), Told(await server.PostAsync($"/v1/versions/{ids[1]}/promote", "")));
            Assert.Equal((422, "version_refused"), Told(await server.PostAsync($"/v1/versions/{ids[0]}/rollback", "")));
            Assert.Equal((404, "unknown_version"), Told(await server.PostAsync("/v1/versions/ffff/promote", "")));
            Assert.Equal($"{ids[0]} active, {ids[1]} shadow", States(await server.PostAsync($"/v1/versions/{ids[1]}/rollback", "")));
            Assert.Equal((422, "version_refused"), Told(await server.PostAsync($"/v1/versions/{ids[1]}/rollback", "")));
        }
        finally
        {
            data.Delete(recursive: true);
        }
    }

    private static (int Status, string Code) Told(HttpAnswer answer) => (answer.Status, answer.Code);

    private static string States(HttpAnswer answer)
        => string.Join(", ", answer.Json["versions"]!.AsArray().Select(version => $"{version!["id"]} {version["state"]}"));
}
