using System.Reflection;
using System.Runtime.CompilerServices;
using AptRl.Actors.Agents;
using AptRl.Actors.Hosting;
using AptRl.Actors.Serialization;
using AptRl.Model.Encoding;
using AptRl.Model.Windows;
using Xunit;

namespace AptRl.Tests.Architecture;

public sealed class DependencyTests
{
    private static readonly Assembly Model = typeof(EncoderModel).Assembly;
    private static readonly Assembly Actors = typeof(IPersonalizer).Assembly;

    [Fact]
    public void Model_knows_nothing_of_Akka_and_Actors_nothing_of_ASPNET()
    {
        Assert.DoesNotContain(Model.GetReferencedAssemblies(), name => name.Name!.StartsWith("Akka", StringComparison.Ordinal) || name.Name.StartsWith("AptRl", StringComparison.Ordinal));
        Assert.DoesNotContain(Actors.GetReferencedAssemblies(), name => name.Name!.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal) || name.Name == "aptrl");
    }

    [Fact]
    public void No_tensor_crosses_an_actor_boundary()
        => Assert.DoesNotContain(Actors.GetReferencedAssemblies(), name => name.Name!.StartsWith("TorchSharp", StringComparison.Ordinal));

    [Fact]
    public void Public_classes_are_sealed_static_or_abstract()
        => Assert.DoesNotContain(
            Model.GetExportedTypes().Concat(Actors.GetExportedTypes()), type => type.IsClass && !type.IsSealed && !type.IsAbstract);

    [Fact]
    public void Nothing_public_of_Model_can_be_set_from_outside()
        => Assert.Empty(Model.GetExportedTypes()
            .SelectMany(type => type.GetProperties())
            .Where(property => property.DeclaringType!.Assembly == Model)
            .Where(property => property.SetMethod is { IsPublic: true } set
                && !set.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}"));

    [Fact]
    public void Every_fact_of_a_journal_is_one_the_serializer_writes()
    {
        var facts = Model.GetExportedTypes().Where(type => type.IsAssignableTo(typeof(IUserFact)) && type.IsClass)
            .Concat([typeof(UserTimelineImage), typeof(LessonsLearned), typeof(LearnerSnapshot), typeof(ItemsUpserted), typeof(CatalogueSnapshot), typeof(EncoderTookOver)]);
        Assert.Equal(facts.OrderBy(type => type.Name), JournalSerializer.Types.OrderBy(type => type.Name));
    }
}
