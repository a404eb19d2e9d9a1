import DataParallel
import Foundation
import Kernels
import Workloads

/// Throughput of the workloads by number of workers: a table, and a chart.
///
///     swift run -c release scaling [--workloads W1,W2] [--workers 1,2,auto] [--rounds 5] [--seconds 0.5]
///                                  [--instruction-set NAME] [--predict 16,64,128] [--svg FILE]
///     swift run -c release scaling --serve --workloads W1 --workers 1
///
/// The sessions take turns, round by round, so that a change of the machine's speed meets them all; the peak of fused
/// multiply-adds is measured in each round too, on as many threads. Medians are printed. The column `model` is what the model
/// of `CostModel` says of a step on this machine. The digest is that of the weights after the same number of steps: it must
/// not depend on the workers.
@main
enum Scaling {
  static func main() {
    do {
      try run(try Options(Array(CommandLine.arguments.dropFirst())))
    } catch let failure as Options.Failure {
      guard let reason = failure.reason else {
        print(Options.usage)
        return
      }
      fail("\(reason)\n\n\(Options.usage)", status: EX_USAGE)
    } catch {
      fail("\(error)", status: EXIT_FAILURE)
    }
  }

  private static func fail(_ message: String, status: Int32) {
    FileHandle.standardError.write(Data("scaling: \(message)\n".utf8))
    exit(status)
  }

  private static func run(_ options: Options) throws {
    if options.isServer {
      try serve(options)
      return
    }
    let machine = Machine(options.instructionSet, data: try Workload.w1.load())
    print(
      "\(options.instructionSet.rawValue), \(processors) processors, "
        + "medians of \(options.rounds) rounds of \(options.seconds) s")
    print(machine.description)
    print(Row.heading)
    let model = CostModel(machine)
    var rows: [Row] = []
    for workload in options.workloads {
      let measured = try measure(workload, options, model)
      measured.forEach { print($0.line) }
      fflush(nil)
      rows += measured
    }
    if !options.predicted.isEmpty { print(prediction(model, options)) }
    if let path = options.svg { try Chart(rows).svg.write(toFile: path, atomically: true, encoding: .utf8) }
  }

  static let processors = availableProcessors()

  /// One row a number of workers.
  private static func measure(_ workload: Workload, _ options: Options, _ model: CostModel) throws -> [Row] {
    let data = try workload.load()
    func session(_ workers: WorkerCount) -> TrainingSession {
      TrainingSession(workload, data, instructionSet: options.instructionSet, execution: .workers(workers))
    }
    let digests = options.workers.map { workers in
      let session = session(workers)
      for _ in 0..<4 { _ = session.train(steps: 10) }
      return session.digest
    }
    let sessions = options.workers.map(session)
    var rates = sessions.map { _ in [Double]() }
    var peaks = rates
    for round in 0...options.rounds {
      for (index, session) in sessions.enumerated() {
        let threads = min(session.coordinator.workers, processors)
        let before = peak(options.instructionSet, threads: threads, seconds: 0.05)
        // The first round warms up; `auto` also makes its choice in it.
        let result = session.train(seconds: round == 0 ? max(options.seconds, 1) : options.seconds)
        if round > 0 {
          rates[index].append(Double(result.samples) / result.seconds)
          peaks[index].append(before)
        }
      }
    }
    let single = options.workers.firstIndex(of: .fixed(1)).map { median(rates[$0]) }
    return options.workers.indices.map { index in
      let workers = sessions[index].coordinator.workers
      return Row(
        workload: workload, isChosen: options.workers[index] == .auto, workers: workers,
        samplesPerSecond: median(rates[index]), peak: median(peaks[index]),
        model: workers <= processors ? model.step(workload, workers: workers) : nil, single: single,
        digest: digests[index])
    }
  }

  /// What the model says of more workers, each on a processor like those of this machine.
  private static func prediction(_ model: CostModel, _ options: Options) -> String {
    var lines = ["", "predicted   " + options.predicted.map { String(format: "%18d workers", $0) }.joined()]
    for workload in options.workloads {
      let single = model.step(workload, workers: 1)
      lines.append(
        "\(workload.rawValue)          "
          + options.predicted.map { workers in
            let step = model.step(workload, workers: workers)
            return String(format: "%11.1f µs, %7.1f ×", 1e6 * step, single / step).padding(
              toLength: 26, withPad: " ", startingAt: 0)
          }.joined())
    }
    return lines.joined(separator: "\n")
  }
}

extension TrainingSession {
  /// Trains for at least so long; looks at the clock once in many steps.
  func train(seconds: Double) -> (samples: Int, seconds: Double) {
    let clock = ContinuousClock()
    let start = clock.now
    var samples = 0
    var elapsed = 0.0
    while elapsed < seconds {
      samples += train(steps: workload.stepsOfTurn)
      elapsed = (clock.now - start) / .seconds(1)
    }
    return (samples, elapsed)
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

extension Machine {
  fileprivate var description: String {
    String(
      format: "a thread: peak %.1f GFLOP/s, products in cache %.1f GFLOP/s, shared cache %.1f GB/s, "
        + "gather %.2f ns a feature; a signal between threads %.0f ns", peak / 1e9, product / 1e9, sharedCache / 1e9,
      gather * 1e9, signal * 1e9)
  }
}

/// The middle of some numbers.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}
