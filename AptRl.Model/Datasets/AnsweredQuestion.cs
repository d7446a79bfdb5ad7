namespace AptRl.Model.Datasets;

/// <summary>A question with its answer, held out to judge a recommender by.</summary>
/// <param name="Question">What the recommender sees.</param>
/// <param name="Target">The item that came next; <see cref="IndexedTouch.NoItem"/> for one that training never saw, a miss for everyone.</param>
/// <param name="Cluster">Questions of one user or session share a number: they are not independent of each other.</param>
/// <param name="Kind">The number of the interaction kind that came next; 0 where the data tell no kinds.</param>
public readonly record struct AnsweredQuestion(Question Question, int Target, int Cluster, byte Kind = 0)
{
    /// <summary>Whether the target is an item of the history.</summary>
    public bool IsRepeat
    {
        get
        {
            foreach (var touch in Question.History.Span)
            {
                if (touch.Item == Target && Target != IndexedTouch.NoItem)
                {
                    return true;
                }
            }

            return false;
        }
    }
}
