using AptRl.Model.Native;
using Xunit;

namespace AptRl.Tests.Support;

/// <summary>Tests that use torch run one after another, and none of them before our loader has been at work.</summary>
[CollectionDefinition("Torch")]
public sealed class TorchTests : ICollectionFixture<TorchTests.LoadedTorch>
{
    public sealed class LoadedTorch
    {
        public LoadedTorch() => TorchRuntime.EnsureLoaded();
    }
}
