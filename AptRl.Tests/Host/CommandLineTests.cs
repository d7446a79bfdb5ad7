using System.CommandLine;
using AptRl.Host.Commands;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host;

public sealed class CommandLineTests
{
    [Fact]
    public async Task The_help_of_serve_is_as_approved_and_ends_in_examples()
    {
        var (code, output, _) = await RunAsync("serve", "--help");
        Assert.Equal(0, code);

        // The library takes the name of the program that runs, which is the tests' here.
        ApprovedFile.Check("help-serve.txt", output.Replace("AptRl.Tests serve", "aptrl serve", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("serve", "--wobble")]
    [InlineData("serve", "--api-key", "x", "--api-key-file", "y")]
    [InlineData("serve", "--urls", "http://0.0.0.0:5080")]
    [InlineData("serve", "--scenario", "home", "--scenario", "home")]
    [InlineData("serve", "--scenario", "layout=grid")]
    [InlineData("serve", "--model", "/no/such/model")]
    [InlineData("serve", "--api-key-file", "/no/such/file")]
    [InlineData("dance")]
    public async Task A_wrong_command_line_ends_in_2_and_says_why_on_stderr(params string[] args)
    {
        var (code, output, error) = await RunAsync(args);
        Assert.Equal((2, ""), (code, output));
        Assert.StartsWith("aptrl: ", error, StringComparison.Ordinal);
    }

    private static async Task<(int Code, string Output, string Error)> RunAsync(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = await Cli.RunAsync(new RootCommand { ServeCommand.Create() }, args, new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
