using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AptRl.Tests.Support;
using Xunit;

namespace AptRl.Tests.Host;

[Collection("Torch")]
public sealed class HttpTlsTests
{
    private const string Key = "0123456789abcdef0123456789abcdef";

    [Fact]
    public async Task Served_over_TLS_by_configuration_alone_it_answers_who_trusts_the_certificate_and_nobody_else()
    {
        var folder = Directory.CreateTempSubdirectory("aptrl-tls-");
        var (certificate, privateKey) = (Path.Combine(folder.FullName, "shop.pem"), Path.Combine(folder.FullName, "shop.key"));
        using var trusted = SelfSigned(certificate, privateKey);
        var address = new Uri($"https://localhost:{FreePort()}");
        using (var server = AptRlProcess.Start(
            [
                new("Kestrel__Certificates__Default__Path", certificate), new("Kestrel__Certificates__Default__KeyPath", privateKey),
                new("APTRL_API_KEY", Key),
            ],
            "serve", "--urls", address.GetLeftPart(UriPartial.Authority), "--data-dir", Path.Combine(folder.FullName, "data")))
        {
            using var http = Client(address, trusted);
            await UntilItAnswersAsync(http, server);
            Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(http, key: null));
            Assert.Equal(HttpStatusCode.OK, await StatusAsync(http, Key));

            using var other = SelfSigned(Path.Combine(folder.FullName, "other.pem"), Path.Combine(folder.FullName, "other.key"));
            using var distrusting = Client(address, other);
            await Assert.ThrowsAsync<HttpRequestException>(() => StatusAsync(distrusting, Key));
            using var plain = new HttpClient { BaseAddress = new Uri($"http://localhost:{address.Port}") };
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => StatusAsync(plain, Key));
            server.Kill();
            await server.EndAsync();
        }

        folder.Delete(recursive: true);
    }

    private static X509Certificate2 SelfSigned(string certificateFile, string keyFile)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    private static HttpClient Client(Uri address, X509Certificate2 trusted) => new(new SocketsHttpHandler
    {
        SslOptions = new()
        {
            CertificateChainPolicy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, CustomTrustStore = { trusted }, RevocationMode = X509RevocationMode.NoCheck },
        },
    })
    { BaseAddress = address };

    private static async Task<HttpStatusCode> StatusAsync(HttpClient http, string? key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/scenarios");
        request.Headers.Authorization = key is null ? null : new("Bearer", key);
        using var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return response.StatusCode;
    }

    private static async Task UntilItAnswersAsync(HttpClient http, AptRlProcess server)
    {
        for (var tries = 0; ; tries++)
        {
            try
            {
                (await http.GetAsync("/health/ready", TestContext.Current.CancellationToken)).Dispose();
                return;
            }
            catch (HttpRequestException) when (tries < 600)
            {
                Assert.False(server.HasEnded, "the server ended before it answered");
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
