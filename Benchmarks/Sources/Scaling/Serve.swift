import Foundation
import Kernels
import Workloads

/// Takes turns with other programs: trains the first of the workloads with the first number of workers on request, and leaves
/// the measuring to this process, which alone knows when it began.
///
/// Prints `ready`; answers each line `run SECONDS` with `samples N seconds T` after training for a fifth of the time, as others
/// have used the caches, and then for at least SECONDS; ends with its input.
func serve(_ options: Options) throws {
  let workload = options.workloads[0]
  let session = TrainingSession(
    workload, try workload.load(), instructionSet: options.instructionSet, execution: .workers(options.workers[0]))
  _ = session.train(seconds: 0.5)
  print("ready")
  fflush(nil)
  while let line = readLine(), let seconds = Double(line.dropFirst("run ".count)) {
    _ = session.train(seconds: seconds / 5)
    let result = session.train(seconds: seconds)
    print("samples \(result.samples) seconds \(result.seconds)")
    fflush(nil)
  }
}
