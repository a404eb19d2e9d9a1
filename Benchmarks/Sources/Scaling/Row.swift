import Foundation
import Workloads

/// A line of the table.
struct Row {
  let workload: Workload
  /// Whether the number of workers was left to the program.
  let isChosen: Bool
  let workers: Int
  let samplesPerSecond: Double
  let peak: Double
  /// The duration of a step by the model, in seconds; nil for more workers than processors.
  let model: Double?
  let single: Double?
  let digest: String

  static let heading =
    "workload  workers  µs/step    model   samples/s  GFLOP/s  of peak  speed-up  digest"

  var operationsPerSecond: Double { samplesPerSecond * workload.operationsPerSample }
  /// Speed against one worker.
  var speedUp: Double? { single.map { samplesPerSecond / $0 } }
  var workersText: String { isChosen ? "auto: \(workers)" : "\(workers)" }

  var line: String {
    let step = 1e6 * Double(workload.batchSize) / samplesPerSecond
    let model = model.map { String(format: "%8.1f", 1e6 * $0) } ?? "       –"
    let share = peak > 0 ? 100 * operationsPerSecond / peak : .nan
    return workload.rawValue + String(repeating: " ", count: 15 - workersText.count) + workersText
      + String(format: " %8.1f ", step) + model
      + String(format: " %11.0f %8.1f %6.0f %%", samplesPerSecond, operationsPerSecond / 1e9, share)
      + (speedUp.map { String(format: "%8.2f ×", $0) } ?? "         –") + "  \(digest)"
  }
}
