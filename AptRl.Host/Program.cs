using AptRl.Host.Commands;

return await Cli.RunAsync(Cli.Root(), args);
