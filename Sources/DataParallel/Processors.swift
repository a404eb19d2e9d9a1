import Foundation
import ProcessorFeatures

/// Processors that this process may really use, at least one: the fewest of those that are there, those that it may run on
/// (`taskset`), those that the quotas of its containers pay for, rounded up, and those that Slurm gave to its task.
public func availableProcessors() -> Int {
  availableProcessors(
    present: ProcessInfo.processInfo.activeProcessorCount, affinity: Int(processorsOfThisThread()),
    quota: ControlGroups().processors, slurm: ProcessInfo.processInfo.environment["SLURM_CPUS_PER_TASK"])
}

/// The same, of what the system says.
///
/// - Parameters:
///   - present: processors of the machine.
///   - affinity: processors that the process may run on, 0 if that is not known.
///   - quota: processors that its quota of processor time stands for, nil without one.
///   - slurm: the text of the variable `SLURM_CPUS_PER_TASK`.
func availableProcessors(present: Int, affinity: Int, quota: Double?, slurm: String?) -> Int {
  var count = affinity > 0 ? affinity : present
  if let quota { count = min(count, Int(min(quota.rounded(.up), 1e9))) }
  if let slurm = slurm.flatMap({ Int($0) }), slurm > 0 { count = min(count, slurm) }
  return max(count, 1)
}
