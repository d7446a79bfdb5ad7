using System.Globalization;
using System.Net;
using System.Net.Sockets;
using AptRl.Host.Commands;
using AptRl.Host.Configuration;
using AptRl.Host.Http;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace AptRl.Host.Hosting;

/// <summary>The operators' own listener on loopback: there <c>aptrl console</c> finds a node wherever its shop's interface listens.</summary>
/// <remarks>
/// The port is taken when the server is put together and held until it listens, so that of two nodes on one machine that start
/// together one has it and the other goes on without, for that is no reason not to serve shoppers.
/// </remarks>
internal sealed class OperatorDoor : IDisposable
{
    /// <summary>The port that operators of Akka.NET know.</summary>
    public const int PortUsual = 9110;

    private const string Off = "off";

    private readonly Socket _socket;

    private OperatorDoor(Socket socket) => _socket = socket;

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    public string Url => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>The port that an option names; null where it says off.</summary>
    /// <exception cref="UserErrorException">It names neither.</exception>
    public static int? PortOf(string? option)
        => option is null or Off ? null
            : int.TryParse(option, NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port <= IPEndPoint.MaxPort ? port
            : throw new UserErrorException($"operator port '{option}' is no port: give one from 1 to {IPEndPoint.MaxPort}, 0 for any that is free, or '{Off}'", Cli.Usage);

    /// <summary>Takes the port; null where there is none to be taken, or somebody has it.</summary>
    public static OperatorDoor? Open(ServeOptions options)
    {
        if (PortOf(options.OperatorPort) is not { } port || options.ListensOn(port))
        {
            return null;
        }

        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));

            // Bound alone, a port may be bound by another that reuses addresses; listened on, it may not.
            socket.Listen();
            return new OperatorDoor(socket);
        }
        catch (SocketException)
        {
            socket.Dispose();
            return null;
        }
    }

    /// <summary>Gives the server the socket that is held, and others as it makes them itself.</summary>
    public Socket SocketFor(EndPoint endpoint)
        => endpoint.Equals(_socket.LocalEndPoint) ? _socket : SocketTransportOptions.CreateDefaultBoundListenSocket(endpoint);

    /// <summary>Through this door nothing is asked but the operators' commands.</summary>
    public void Guard(WebApplication app)
    {
        var port = Port;
        app.Use((http, next) => http.Connection.LocalPort != port || http.Request.Path.StartsWithSegments(Consoles.Route)
            ? next(http)
            : Problems.WriteAsync(http, StatusCodes.Status404NotFound, "unknown_route",
                $"there is no {http.Request.Path} on the operators' port: it has {Consoles.Route}, which 'aptrl console' asks"));
    }

    public void Dispose() => _socket.Dispose();
}
