using System.Numerics.Tensors;
using AptRl.Model.Events;
using AptRl.Model.Recommenders;

namespace AptRl.Model.Simulation;

/// <summary>Directions in the latent space of a simulated shop.</summary>
internal static class Latent
{
    /// <summary>A direction drawn uniformly.</summary>
    public static float[] Direction(int width, ref Chance chance)
    {
        var vector = new float[width];
        for (var i = 0; i < width; i++)
        {
            vector[i] = (float)chance.NextNormal();
        }

        return Normalised(vector);
    }

    /// <summary>A direction near another: the noise has this length beside the other's 1.</summary>
    public static float[] Towards(ReadOnlySpan<float> direction, double noise, ref Chance chance)
    {
        var vector = Direction(direction.Length, ref chance);
        TensorPrimitives.MultiplyAdd(vector, (float)noise, direction, vector);
        return Normalised(vector);
    }

    /// <summary>The vector with length 1; what has none stays as it is.</summary>
    public static float[] Normalised(float[] vector)
    {
        var length = FixedOrder.Length(vector);
        if (length > 0)
        {
            TensorPrimitives.Divide(vector, length, vector);
        }

        return vector;
    }
}
