import Datasets
import Kernels
import NeuralNetworks

/// The cost and the accuracy of a network on some samples.
public struct EvaluationResult: Sendable, Equatable {
  /// The mean cost, without the L2 term.
  public let meanLoss: Double
  /// The share of samples whose class is the label; nil for targets that are not labels.
  public let accuracy: Double?
}

/// The forward pass of a data set, as work in one phase for any number of workers.
final class EvaluationPass: PhasedWork, @unchecked Sendable {
  private let kernels: Kernels
  private let network: Network
  private let parameters: Parameters
  private let reader: SampleReader
  private let order: [Int32]
  private let labels: [Int32]?
  private let owned: [Range<Int>]
  private let workspaces: [Workspace]
  private let losses: FloatBuffer
  private let lossSlice: FloatSlice
  private let correct: FloatBuffer
  private let correctSlice: FloatSlice

  /// Samples of a unit: their activations stay in the second cache.
  static let blockRows = 120

  init(
    _ kernels: Kernels, _ network: Network, _ parameters: Parameters, _ subset: Subset, reader: SampleReader,
    workers: Int, workspaces: [Workspace]
  ) {
    self.kernels = kernels
    self.network = network
    self.parameters = parameters
    self.reader = reader
    self.workspaces = workspaces
    order = subset.rows
    if case .labels(let labels, _) = subset.table.targets { self.labels = labels } else { labels = nil }
    owned = divideEvenly((order.count + Self.blockRows - 1) / Self.blockRows, into: workers)
    losses = FloatBuffer(count: order.count)
    lossSlice = losses.all
    correct = FloatBuffer(count: order.count)
    correctSlice = correct.all
  }

  var phases: Int { 1 }

  func units(phase: Int) -> Int { owned[owned.count - 1].upperBound }

  func units(phase: Int, owner: Int) -> Int { owned[owner].count }

  func perform(phase: Int, owner: Int, unit: Int, worker: Int) {
    let first = (owned[owner].lowerBound + unit) * Self.blockRows
    let rows = 0..<min(Self.blockRows, order.count - first)
    let workspace = workspaces[worker]
    let selection = SampleSelection(order: order, first: first)
    reader.readInputs(kernels, selection, into: workspace.inputs, rows: rows)
    reader.readTargets(kernels, selection, into: workspace.targets, rows: rows)
    network.forward(kernels, parameters, workspace, rows: rows)
    for row in rows { lossSlice[first + row] = workspace.losses[row] }
    guard let labels else { return }
    for (row, found) in zip(rows, network.classes(kernels, workspace, rows: rows)) {
      correctSlice[first + row] = found == labels[Int(order[first + row])] ? 1 : 0
    }
  }

  var result: EvaluationResult {
    let count = Double(order.count)
    return EvaluationResult(
      meanLoss: Kernels.sum(lossSlice) / count, accuracy: labels == nil ? nil : Kernels.sum(correctSlice) / count)
  }
}
