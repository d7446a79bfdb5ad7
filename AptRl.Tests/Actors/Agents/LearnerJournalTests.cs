using AptRl.Actors.Agents;
using AptRl.Model.Learning;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Actors.Agents;

public sealed class LearnerJournalTests
{
    [Fact]
    public void Another_encoder_that_took_over_is_a_fact_like_any_other_and_publishes()
    {
        var journal = new LearnerJournal(new LearnerOptions());
        object[] facts =
        [
            new LessonsLearned([new LessonOf(Sample.Ann, Sample.Touched(1, 0, "a", session: 1))], [], false),
            new EncoderTookOver("another", [], 0),
        ];
        foreach (var fact in facts)
        {
            journal.Apply(fact);
        }

        Assert.Equal((1, 2, 0), (journal.Learner.Version, journal.Updates, journal.Unpublished));
        Assert.Equal("another", journal.Learner.Image().Encoder);
        Assert.Throws<ArgumentException>(() => journal.Apply("a word"));
    }
}
