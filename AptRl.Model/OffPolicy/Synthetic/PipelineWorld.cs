namespace AptRl.Model.OffPolicy.Synthetic;

/// <summary>A <see cref="SyntheticBandit"/> with the very numbers of the Open Bandit Pipeline, so that its tables can be compared run by run.</summary>
/// <remarks>
/// As the pipeline does: coefficients and actions are drawn from fresh streams under the world's seed, at each draw the same;
/// contexts and rewards from one stream that goes on from draw to draw.
/// </remarks>
public sealed class PipelineWorld
{
    private readonly uint _seed;
    private readonly SyntheticBandit _world;
    private readonly PipelineNumbers _stream;

    /// <summary>World number <paramref name="seed"/> of the pipeline.</summary>
    /// <param name="actions">How many actions.</param>
    /// <param name="width">Numbers of context.</param>
    /// <param name="inverseTemperature">Of the logging policy.</param>
    /// <param name="seed">The pipeline's random state.</param>
    public PipelineWorld(int actions, int width, double inverseTemperature, uint seed)
        => (_seed, _world, _stream) = (seed, new SyntheticBandit(actions, width, inverseTemperature, new PipelineNumbers(seed)), new PipelineNumbers(seed));

    /// <summary>The next log.</summary>
    public SyntheticLog Draw(int rounds) => _world.Draw(rounds, _stream, new PipelineNumbers(_seed), _stream);
}
