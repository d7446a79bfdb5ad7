using System.Diagnostics;

namespace AptRl.Model.Evaluation;

/// <summary>The most memory that this process held since <see cref="Restart"/>.</summary>
internal static class PeakMemory
{
    private const string LinuxSwitch = "/proc/self/clear_refs";

    /// <summary>Begins anew on Linux; elsewhere the peak is that of the whole run.</summary>
    public static void Restart()
    {
        // What an earlier model left to the collector is not this one's.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect();
        if (OperatingSystem.IsLinux())
        {
            try
            {
                // 5 sets the high-water mark to what is resident now: proc(5).
                File.WriteAllText(LinuxSwitch, "5");
            }
            catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
            {
                Trace.TraceInformation($"{LinuxSwitch} cannot be written ({refused.Message}): the peak is that of the whole run");
            }
        }
    }

    public static double Megabytes()
    {
        using var process = Process.GetCurrentProcess();
        return process.PeakWorkingSet64 / (1024.0 * 1024.0);
    }
}
