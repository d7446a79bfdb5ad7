using AptRl.Model.Native;
using Xunit;

namespace AptRl.Tests.Model.Native;

public sealed class SymbolVersionPatchTests
{
    [Fact]
    public void The_weakened_copy_differs_in_one_flag_only()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library of this package is for Linux");
        var original = File.ReadAllBytes(Package.Library);

        var weakened = SymbolVersionPatch.Weaken(original);

        var changed = Enumerable.Range(0, original.Length).Where(i => original[i] != weakened[i]).ToArray();
        Assert.Equal(original.Length, weakened.Length);
        Assert.Equal(0, original[Assert.Single(changed)]);
        Assert.Equal(2, weakened[changed[0]]);
    }

    [Fact]
    public void A_library_that_does_not_need_the_version_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library of this package is for Linux");
        var other = File.ReadAllBytes(Path.Combine(Path.GetDirectoryName(Package.Library)!, "libc10.so"));

        var refusal = Assert.Throws<BadImageFormatException>(() => SymbolVersionPatch.Weaken(other));

        Assert.Contains("needs version GLIBCXX_3.4.32 0 times where once was expected", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_library_that_uses_another_symbol_of_the_version_is_refused()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library of this package is for Linux");
        var library = File.ReadAllBytes(Package.Library);
        var name = library.AsSpan().IndexOf("_ZSt21ios_base_library_initv\0"u8);
        library[name + 5] = (byte)'2';

        var refusal = Assert.Throws<BadImageFormatException>(() => SymbolVersionPatch.Weaken(library));

        Assert.Contains("symbol _ZSt22ios_base_library_initv needs version GLIBCXX_3.4.32 too", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(10_000)]
    [InlineData(-100)]
    public void A_library_cut_short_is_refused_with_the_way_out(int length)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the library of this package is for Linux");
        var library = File.ReadAllBytes(Package.Library);
        var part = library.AsSpan(0, length < 0 ? library.Length + length : length).ToArray();

        var refusal = Assert.Throws<BadImageFormatException>(() => SymbolVersionPatch.Weaken(part));

        Assert.Contains("Restore the packages again", refusal.Message, StringComparison.Ordinal);
    }
}
