using AptRl.Actors.Inspection;
using AptRl.Actors.Operators.Palettes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace AptRl.Actors.Operators;

/// <summary>Puts the operators' commands into a host.</summary>
public static class OperatorHosting
{
    /// <summary>Adds the <see cref="OperatorDesk"/> with AptRl's own palettes: actor, cluster, cluster-sharding, user, window, agent, encoder, journal.</summary>
    public static IServiceCollection AddAptRlConsole(this IServiceCollection services)
    {
        services.TryAddSingleton<NodeStatus>();
        services.TryAddSingleton<JournalUsers>();
        services.TryAddSingleton<OperatorDesk>();
        foreach (var palette in new[]
        {
            ActorPalette.Palette, ClusterPalette.Palette, ShardingPalette.Palette, UserPalette.Palette, UserPalette.Window,
            AgentPalette.Palette, AgentPalette.Encoder, JournalPalette.Palette,
        })
        {
            services.AddAptRlPalette(palette);
        }

        return services;
    }

    /// <summary>Adds a palette of the host's own.</summary>
    public static IServiceCollection AddAptRlPalette(this IServiceCollection services, CommandPalette palette) => services.AddSingleton(palette);
}
