using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers;

namespace AptRl.Model.Segments;

/// <summary>k-means by ML.NET, on one thread so that the same points and seed give the same centres.</summary>
internal static class KMeans
{
    /// <returns>One centre each; as many as are asked for.</returns>
    internal static float[][] Centres(float[][] points, SegmentOptions options)
    {
        var context = new MLContext(options.Seed);
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, points[0].Length);
        var data = context.Data.LoadFromEnumerable(points.Select(point => new Row { Features = point }), schema);
        var trainer = context.Clustering.Trainers.KMeans(new KMeansTrainer.Options
        {
            FeatureColumnName = nameof(Row.Features),
            NumberOfClusters = options.Count,
            MaximumNumberOfIterations = options.IterationsMax,
            InitializationAlgorithm = KMeansTrainer.InitializationAlgorithm.KMeansPlusPlus,
            NumberOfThreads = 1,
        });
        VBuffer<float>[] centres = [];
        trainer.Fit(data).Model.GetClusterCentroids(ref centres, out var count);
        return [.. centres.Take(count).Select(centre => centre.DenseValues().ToArray())];
    }

    private sealed class Row
    {
        public float[] Features { get; init; } = [];
    }
}
