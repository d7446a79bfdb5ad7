using AptRl.Model.Ingest;
using Xunit;

namespace AptRl.Tests.Model.Ingest;

public sealed class RejectFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("aptrl-reject-");

    private string Target => Path.Combine(_folder.FullName, "deep", "rejected.ndjson");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_restarted_run_goes_on_where_it_had_recorded()
    {
        long recorded;
        using (var file = RejectFile.Open(Target, 0))
        {
            file.Write(new Rejected(3, RejectCode.BadTime, "not a \"time\"", "ü,x\n"));
            file.Flush();
            recorded = file.Position;
            file.Write(new Rejected(9, RejectCode.BadTime, "written after the record", null));
        }

        using (var file = RejectFile.Open(Target, recorded))
        {
            Assert.Equal(recorded, file.Position);
            file.Write(new Rejected(9, RejectCode.Truncated, "cut", null));
        }

        Assert.Equal(
            """
            {"line":3,"code":"bad_time","reason":"not a \"time\"","text":"ü,x\n"}
            {"line":9,"code":"truncated","reason":"cut","text":null}

            """.ReplaceLineEndings("\n"),
            File.ReadAllText(Target));
    }

    [Fact]
    public void A_file_shorter_than_the_record_is_refused()
        => Assert.Equal(IngestFault.RejectFileTooShort, Assert.Throws<IngestException>(() => RejectFile.Open(Target, 1)).Code);
}
