using Microsoft.ML;
using Microsoft.ML.Data;

namespace AptRl.Model.OffPolicy.Rewards;

/// <summary>A row as ML.NET reads it.</summary>
internal sealed class RewardRow
{
    public float[] Features { get; init; } = [];

    public float Label { get; init; }

    public bool Happened { get; init; }

    public uint Action { get; init; }

    public float Weight { get; init; }

    /// <summary>Rows for a trainer; vectors must be told their length.</summary>
    public static IDataView Load(MLContext context, IEnumerable<RewardRow> rows, int width, int actions = 0)
    {
        var schema = SchemaDefinition.Create(typeof(RewardRow));
        schema[nameof(Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        schema[nameof(Action)].ColumnType = new KeyDataViewType(typeof(uint), Math.Max(actions, 1));
        return context.Data.LoadFromEnumerable(rows, schema);
    }
}
