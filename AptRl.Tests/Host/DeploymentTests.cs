using System.CommandLine;
using AptRl.Host.Commands;
using AptRl.Host.Configuration;
using AptRl.Tests.Support;
using k8s;
using k8s.Models;
using Xunit;

namespace AptRl.Tests.Host;

public sealed class DeploymentTests
{
    private static readonly IReadOnlyList<object> Manifests = KubernetesYaml.LoadAllFromString(DocsFile.Text("deploy/kubernetes.yaml"), strict: true);

    [Fact]
    public void Every_argument_of_the_manifest_is_one_that_serve_takes()
    {
        var parsed = new RootCommand { ServeCommand.Create() }.Parse([.. Container.Args]);
        Assert.Empty(parsed.Errors);
        Assert.Equal(3, Container.Args.Count(argument => argument.StartsWith("--seed=", StringComparison.Ordinal)));
    }

    [Fact]
    public void Ports_labels_and_names_of_the_manifest_fit_each_other_and_the_program()
    {
        var labels = Set.Spec.Template.Metadata.Labels;
        Assert.Equal(labels, Set.Spec.Selector.MatchLabels);
        Assert.All(Manifests.OfType<V1Service>(), service => Assert.Equal(labels, service.Spec.Selector));
        Assert.Equal(labels, Manifests.OfType<V1PodDisruptionBudget>().Single().Spec.Selector.MatchLabels);
        Assert.Equal(labels, Manifests.OfType<V1NetworkPolicy>().Single().Spec.PodSelector.MatchLabels);
        Assert.Contains(Manifests.OfType<V1Service>(), service => service.Metadata.Name == Set.Spec.ServiceName && service.Spec.ClusterIP == "None");
        Assert.Equal(new ServeOptions().ClusterPort, Container.Ports.Single(port => port.Name == "cluster").ContainerPort);
        Assert.All(
            Enumerable.Range(0, Set.Spec.Replicas!.Value),
            node => Assert.Contains($"--seed={Set.Metadata.Name}-{node}.{Set.Spec.ServiceName}:{new ServeOptions().ClusterPort}", Container.Args));
        Assert.All(Container.VolumeMounts, mount => Assert.Contains(Set.Spec.Template.Spec.Volumes, volume => volume.Name == mount.Name));
    }

    [Fact]
    public void The_container_listens_where_the_manifest_looks()
    {
        var dockerfile = DocsFile.Text("deploy/Dockerfile");
        var http = Container.Ports.Single(port => port.Name == "http").ContainerPort;
        Assert.Contains($"AptRl__Urls=http://0.0.0.0:{http}", dockerfile, StringComparison.Ordinal);
        Assert.Contains($"EXPOSE {http} {new ServeOptions().ClusterPort}", dockerfile, StringComparison.Ordinal);
        Assert.All(Container.VolumeMounts.Where(mount => mount.Name != "tmp"), mount => Assert.Contains(mount.MountPath, dockerfile, StringComparison.Ordinal));
        Assert.Equal(["/health/live", "/health/ready", "/health/ready"], new[] { Container.LivenessProbe, Container.ReadinessProbe, Container.StartupProbe }.Select(probe => probe.HttpGet.Path));
    }

    private static V1StatefulSet Set => Manifests.OfType<V1StatefulSet>().Single();

    private static V1Container Container => Set.Spec.Template.Spec.Containers.Single();
}
