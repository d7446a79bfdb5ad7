using System.Diagnostics;
using AptRl.Model.Native;
using TorchSharp;
using Xunit;

namespace AptRl.Tests.Model.Native;

public sealed class TorchRuntimeTests : IDisposable
{
    private const string Complaint = "version `GLIBCXX_3.4.32' not found";

    private readonly string _folder = Directory.CreateTempSubdirectory("aptrl-native-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Torch_adds_up_here()
    {
        TorchRuntime.EnsureLoaded();
        using var scope = torch.NewDisposeScope();

        Assert.Equal(6f, torch.tensor([1f, 2f, 3f]).sum().item<float>());
    }

    [Fact]
    public void A_library_that_loads_as_it_is_is_left_alone()
    {
        var library = Path.Combine(_folder, "any.so");

        Assert.Equal(library, TorchRuntime.Fit(library, [Path.Combine(_folder, "cache")], _ => null));
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void A_library_that_fails_for_another_reason_is_not_patched()
    {
        var failure = Assert.Throws<DllNotFoundException>(
            () => TorchRuntime.Fit("any.so", [_folder], _ => "libgomp.so.1: cannot open shared object file"));

        Assert.Contains("libgomp.so.1", failure.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(_folder));
    }

    [Fact]
    public void The_copy_goes_to_the_first_folder_that_can_be_written_and_the_package_stays_as_it_is()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux needs the copy");
        var before = File.GetLastWriteTimeUtc(Package.Library);

        // A file where a folder should be cannot be written by root either.
        var blocked = Path.Combine(_folder, "blocked");
        File.WriteAllText(blocked, "");
        var copy = TorchRuntime.Fit(Package.Library, [blocked, Path.Combine(_folder, "cache")], ComplainAbout(Package.Library));

        Assert.StartsWith(Path.Combine(_folder, "cache", "native"), copy, StringComparison.Ordinal);
        Assert.Equal(SymbolVersionPatch.Weaken(File.ReadAllBytes(Package.Library)), File.ReadAllBytes(copy));
        Assert.Equal(before, File.GetLastWriteTimeUtc(Package.Library));
    }

    [Fact]
    public void A_damaged_copy_is_replaced()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux needs the copy");
        var copy = TorchRuntime.Fit(Package.Library, [_folder], ComplainAbout(Package.Library));
        var whole = File.ReadAllBytes(copy);
        File.WriteAllBytes(copy, whole[..1000]);

        TorchRuntime.Fit(Package.Library, [_folder], ComplainAbout(Package.Library));

        Assert.Equal(whole, File.ReadAllBytes(copy));
    }

    [Fact]
    public void Without_a_folder_to_write_to_the_error_names_the_way_out()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux needs the copy");
        var blocked = Path.Combine(_folder, "blocked");
        File.WriteAllText(blocked, "");

        var failure = Assert.Throws<DllNotFoundException>(
            () => TorchRuntime.Fit(Package.Library, [blocked], ComplainAbout(Package.Library)));

        Assert.Contains("Set XDG_CACHE_HOME", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_processes_may_start_at_once_on_an_empty_cache()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux needs the copy");
        using var bound = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        using var first = Start();
        using var second = Start();

        await Task.WhenAll(first.WaitForExitAsync(bound.Token), second.WaitForExitAsync(bound.Token));

        Assert.Equal((0, 0), (first.ExitCode, second.ExitCode));
        Assert.All(
            Directory.GetFiles(_folder, "*", SearchOption.AllDirectories),
            file => Assert.Equal("libLibTorchSharp.so", Path.GetFileName(file)));
    }

    private Process Start()
    {
        var start = new ProcessStartInfo(Path.Combine(AppContext.BaseDirectory, "AptRl.Tests"))
        {
            ArgumentList = { "-method", $"{typeof(TorchRuntimeTests).FullName}.{nameof(Torch_adds_up_here)}", "-noLogo", "-noColor" },
            Environment = { ["XDG_CACHE_HOME"] = _folder },
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        return process;
    }

    private static Func<string, string?> ComplainAbout(string library) => path => path == library ? Complaint : null;
}
