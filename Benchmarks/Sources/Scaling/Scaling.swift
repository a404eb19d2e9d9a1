import Foundation
import Kernels
import Workloads

/// Throughput of the workloads by number of workers: a table, and a chart.
///
///     swift run -c release scaling [--workloads W1,W2] [--workers 1,2] [--rounds 5] [--seconds 0.5]
///                                  [--instruction-set NAME] [--svg FILE]
///     swift run -c release scaling --serve --workloads W1 --workers 1
///
/// The sessions take turns, round by round, so that a change of the machine's speed meets them all; the peak of fused
/// multiply-adds is measured in each round too, on as many threads. Medians are printed. The digest is that of the weights
/// after the same number of steps: it must not depend on the workers.
@main
enum Scaling {
  static func main() throws {
    let options = try Options(Array(CommandLine.arguments.dropFirst()))
    if options.isServer {
      try serve(options)
      return
    }
    print(
      "\(options.instructionSet.rawValue), \(ProcessInfo.processInfo.activeProcessorCount) processors, "
        + "medians of \(options.rounds) rounds of \(options.seconds) s")
    print(Row.heading)
    var rows: [Row] = []
    for workload in options.workloads {
      let measured = try measure(workload, options)
      measured.forEach { print($0.line) }
      rows += measured
    }
    if let path = options.svg { try Chart(rows).svg.write(toFile: path, atomically: true, encoding: .utf8) }
  }

  /// One row a number of workers.
  private static func measure(_ workload: Workload, _ options: Options) throws -> [Row] {
    let data = try workload.load()
    let digests = options.workers.map { workers in
      let session = TrainingSession(
        workload, data, instructionSet: options.instructionSet, execution: .workers(.fixed(workers)))
      for _ in 0..<4 { _ = session.train(steps: 10) }
      return session.digest
    }
    let sessions = options.workers.map {
      TrainingSession(workload, data, instructionSet: options.instructionSet, execution: .workers(.fixed($0)))
    }
    var rates = sessions.map { _ in [Double]() }
    var peaks = rates
    for round in 0...options.rounds {
      for (index, session) in sessions.enumerated() {
        let threads = min(options.workers[index], ProcessInfo.processInfo.activeProcessorCount)
        let before = peak(options.instructionSet, threads: threads, seconds: 0.05)
        let rate = throughput(session, seconds: options.seconds)
        // The first round warms up.
        if round > 0 {
          rates[index].append(rate)
          peaks[index].append(before)
        }
      }
    }
    let single = options.workers.firstIndex(of: 1).map { median(rates[$0]) }
    return options.workers.indices.map { index in
      Row(
        workload: workload, workers: options.workers[index], samplesPerSecond: median(rates[index]),
        peak: median(peaks[index]), single: single, digest: digests[index])
    }
  }

  /// Samples a second over about `seconds`.
  private static func throughput(_ session: TrainingSession, seconds: Double) -> Double {
    let clock = ContinuousClock()
    let start = clock.now
    var samples = 0
    var elapsed = 0.0
    while elapsed < seconds {
      samples += session.train(steps: session.coordinator.stepsPerEpoch)
      elapsed = (clock.now - start) / .seconds(1)
    }
    return Double(samples) / elapsed
  }
}

/// The middle of some numbers.
func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
}

/// A line of the table.
struct Row {
  let workload: Workload
  let workers: Int
  let samplesPerSecond: Double
  let peak: Double
  let single: Double?
  let digest: String

  static let heading =
    "workload  workers  µs/step   samples/s  GFLOP/s  of peak  efficiency  digest"

  var operationsPerSecond: Double { samplesPerSecond * workload.operationsPerSample }
  /// Speed against one worker, divided by the number of workers.
  var efficiency: Double? { single.map { samplesPerSecond / $0 / Double(workers) } }

  var line: String {
    let step = 1e6 * Double(workload.batchSize) / samplesPerSecond
    let efficiency = efficiency.map { String(format: "%9.0f %%", 100 * $0) } ?? "          –"
    return "\(workload.rawValue)        "
      + String(
        format: "%7d %8.1f %11.0f %8.1f %6.0f %%", workers, step, samplesPerSecond, operationsPerSecond / 1e9,
        peak > 0 ? 100 * operationsPerSecond / peak : .nan) + "\(efficiency)  \(digest)"
  }
}

/// The command line.
struct Options {
  var workloads = Workload.allCases
  var workers = [1, 2]
  var rounds = 5
  var seconds = 0.5
  var instructionSet = InstructionSet.best
  var svg: String?
  /// Whether to train on request, as the programs in Peers do.
  var isServer = false

  struct Failure: Error, CustomStringConvertible { let description: String }

  init(_ arguments: [String]) throws {
    var rest = arguments[...]
    while let option = rest.popFirst() {
      if option == "--serve" {
        isServer = true
        continue
      }
      guard let value = rest.popFirst() else { throw Failure(description: "\(option) needs a value") }
      let parts = value.split(separator: ",").map(String.init)
      switch option {
      case "--workloads": workloads = try parts.map { try Self.parse(Workload(rawValue: $0), $0, option) }
      case "--workers": workers = try parts.map { try Self.parse(Int($0), $0, option) }
      case "--rounds": rounds = try Self.parse(Int(value), value, option)
      case "--seconds": seconds = try Self.parse(Double(value), value, option)
      case "--instruction-set": instructionSet = try Self.parse(InstructionSet(rawValue: value), value, option)
      case "--svg": svg = value
      default: throw Failure(description: "unknown option \(option)")
      }
    }
  }

  private static func parse<T>(_ value: T?, _ text: String, _ option: String) throws -> T {
    guard let value else { throw Failure(description: "\(option): '\(text)' is not allowed") }
    return value
  }
}
