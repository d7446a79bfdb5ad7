using System.Globalization;
using AptRl.Model.Ingest;
using AptRl.Model.OffPolicy;
using AptRl.Model.OffPolicy.OpenBandit;
using Xunit;

namespace AptRl.Tests.Model.OffPolicy;

public sealed class OpenBanditTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-open-bandit-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_folder_becomes_a_log_of_rounds_with_exact_propensities()
    {
        var log = OpenBanditFolder.Read(Folder("bts-men", Header, "0,2019-11-24,1,2,0,0.25,young,0.5,0", "1,2019-11-24,0,1,1,0.5,old,0,1.5"), TestContext.Current.CancellationToken);

        Assert.Equal(("bts-men", 2, 2, 2), (log.Name, log.Rounds.Count, log.Actions.Count, log.Positions));
        var (first, second) = (log.Rounds[0], log.Rounds[1]);
        Assert.Equal((1, 1, 0.25, 0.0), (first.Position, first.Action, first.Propensity, first.Reward));
        Assert.Equal((0, 0, 0.5, 1.0), (second.Position, second.Action, second.Propensity, second.Reward));
        Assert.NotEqual(first.Cluster, second.Cluster);

        // Position 2 of 2, young of (old, young); then the item, then the affinity to it.
        var row = new float[log.FeatureWidth];
        log.Describe(first, 0, row);
        Assert.Equal([0, 1, 0, 1, 1, 0, 0.5f], row);
    }

    [Fact]
    public void The_policy_of_a_log_is_uniform_where_it_says_so_and_else_its_choices()
    {
        var uniform = OpenBanditFolder.Read(Folder("random", Header, "0,t,1,1,0,0.5,a,0,0", "1,t,1,2,0,0.5,a,0,0"), TestContext.Current.CancellationToken);
        Assert.IsType<UniformTarget>(OpenBanditTarget.Of(uniform, 2));

        // At position 1 item 0 once and item 1 three times; at position 2 item 0 only.
        var moving = OpenBanditFolder.Read(
            Folder("bts", Header, "0,t,0,1,0,0.4,a,0,0", "1,t,1,1,0,0.6,a,0,0", "2,t,1,1,0,0.7,a,0,0", "3,t,1,1,0,0.6,a,0,0", "4,t,0,2,0,0.9,a,0,0"), TestContext.Current.CancellationToken);
        var target = OpenBanditTarget.Of(moving, 2);
        var probabilities = new double[2];
        target.Fill(moving.Rounds[0], probabilities);
        Assert.Equal([0.25, 0.75], probabilities);
        target.Fill(moving.Rounds[4], probabilities);
        Assert.Equal([1, 0], probabilities);
        Assert.Contains("position", Assert.Throws<ArgumentException>(() => OpenBanditTarget.Of(moving, 3)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("no column propensity_score", "item_id,position,click")]
    [InlineData("holds no round", Header)]
    [InlineData("line 2 of", Header, "0,t,1,1,0,2,a,0,0")]
    [InlineData("is not in (0, 1]", Header, "0,t,1,1,0,0,a,0,0")]
    [InlineData("has item_id 'x'", Header, "0,t,x,1,0,0.5,a,0,0")]
    [InlineData("has position 0", Header, "0,t,1,0,0,0.5,a,0,0", "0,t,1,1,0,0.5,a,0,0")]
    [InlineData("has 3 fields and the header 9", Header, "0,t,1")]
    public void A_file_that_is_not_of_the_format_is_refused_with_the_place(string told, params string[] lines)
        => Assert.Contains(
            told, Assert.Throws<IngestException>(() => OpenBanditFolder.Read(Folder("bad", lines), TestContext.Current.CancellationToken)).Message, StringComparison.Ordinal);

    internal const string Header = ",timestamp,item_id,position,click,propensity_score,user_feature_0,user-item_affinity_0,user-item_affinity_1";

    internal static string[] Drawn(int rows, Func<int, (int Item, double Propensity, bool Click)> row)
        => [Header, .. Enumerable.Range(0, rows).Select(i => row(i) is var (item, propensity, click)
            ? string.Create(CultureInfo.InvariantCulture, $"{i},t,{item},1,{(click ? 1 : 0)},{propensity},a,0,0") : "")];

    private string Folder(string name, params string[] lines)
    {
        var folder = _folder.CreateSubdirectory(name);
        File.WriteAllLines(Path.Combine(folder.FullName, "men.csv"), lines);
        return folder.FullName;
    }
}
