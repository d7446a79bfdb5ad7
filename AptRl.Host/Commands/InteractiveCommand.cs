using System.CommandLine;

namespace AptRl.Host.Commands;

/// <summary>A command to which Ctrl-C is a key like others: it is not ended by it, it decides itself what ends.</summary>
internal sealed class InteractiveCommand(string name, string description) : Command(name, description);
