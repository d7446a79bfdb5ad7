using Akka.Actor;
using AptRl.Actors.Clustering;
using AptRl.Actors.Encoding;
using AptRl.Model.Encoding;
using AptRl.Model.Learning;
using AptRl.Model.Policies;

namespace AptRl.Actors.Hosting;

/// <summary>What a node of several is given from outside: the encoder, the way to the writers, a clock. The simulator gives its own.</summary>
/// <param name="Encoder">The node's encoder.</param>
/// <param name="Space">Its items.</param>
/// <param name="Prior">What learners begin with; null for nothing.</param>
/// <param name="Writer">Sees to it that the cluster has one such writer, and gives the way to it wherever it is.</param>
/// <param name="Clock">By which the age of policies is told.</param>
internal sealed record NodeParts(Props Encoder, IItemSpace Space, RidgePrior? Prior, Func<string, Props, IActorRef> Writer, TimeProvider Clock)
{
    /// <summary>The usual <see cref="Jitter"/>.</summary>
    public const double UsualJitter = 0.2;

    /// <summary>By how much of it the wait before a failed actor is started again is longer by chance, so that not all come at once.</summary>
    public double Jitter { get; init; } = UsualJitter;

    /// <summary>The parts of a node of Akka's cluster.</summary>
    public static NodeParts Of(ActorSystem system, AptRlOptions options, NodeOptions node)
        => new(
            EncoderOf(options), new ItemSpace(options.Model), options.Model.Prior,
            (name, writer) => Writers.Start(system, node, name, writer), TimeProvider.System);

    /// <summary>The encoder of the options' model, on a thread of its own.</summary>
    public static Props EncoderOf(AptRlOptions options)
    {
        var (model, batching) = (options.Model, options.Encoder);
        return Props.Create(() => new EncoderActor(model, batching)).WithDispatcher("aptrl.encoder-dispatcher");
    }
}
