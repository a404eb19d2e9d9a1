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
    workload, try workload.load(), instructionSet: options.instructionSet,
    execution: .workers(.fixed(options.workers[0])))
  let clock = ContinuousClock()

  func train(seconds: Double) -> (samples: Int, seconds: Double) {
    let start = clock.now
    var samples = 0
    var elapsed = 0.0
    while elapsed < seconds {
      samples += session.train(steps: workload.stepsOfTurn)
      elapsed = (clock.now - start) / .seconds(1)
    }
    return (samples, elapsed)
  }

  func answer(_ line: String) throws {
    try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
  }

  _ = train(seconds: 0.5)
  try answer("ready")
  while let line = readLine(), let seconds = Double(line.dropFirst("run ".count)) {
    _ = train(seconds: seconds / 5)
    let result = train(seconds: seconds)
    try answer("samples \(result.samples) seconds \(result.seconds)")
  }
}

extension Workload {
  /// Steps between two looks at the clock: a whole epoch of the digits, about 15,000 samples elsewhere, fewer of the largest.
  fileprivate var stepsOfTurn: Int {
    switch self {
    case .w0: 57
    case .w1: 375
    case .w2: 117
    case .w3: 39
    case .w4: 3
    }
  }
}
