import ConfigurationSchema
import DataParallel
import Datasets
import Files
import Metrics
import NeuralNetworks

extension RunConfiguration {
  /// Checks what only the data can tell: whether the last layer has an output for each class or target, whether targets
  /// are in the range of the loss, and whether all of it fits into memory.
  func check(_ data: PreparedData) throws {
    let issues = IssueCollector()
    checkOutputs(data, issues)
    checkMetrics(data, issues)
    try issues.throwIfAny(file: file)
    checkMemory(data, issues)
    try issues.throwIfAny(file: file)
    if network.loss == .binaryCrossEntropy {
      for part in [data.training, data.validation, data.test] { try part.map(checkProbabilities) }
    }
  }

  private func checkOutputs(_ data: PreparedData, _ issues: IssueCollector) {
    let units = network.outputs(inputs: data.training.table.columns)
    let layers = ConfigurationPath.root.appending(key: "network").appending(key: "layers")
    let path = network.outputLayer.map { layers.appending(index: $0).appending(key: "units") } ?? layers
    guard let classes = data.classes else {
      if units != data.targetColumns {
        issues.report(path, "must be \(data.targetColumns), one for each target of the data, found \(units)")
      }
      return
    }
    if classes.count < 2 {
      issues.report(
        .root.appending(key: "dataset").appending(key: "train"),
        "must have at least two classes, found only '\(classes.first ?? "")'")
    } else if units == 1 && network.loss == .binaryCrossEntropy {
      if classes.count > 2 {
        issues.report(
          path, "must be \(classes.count), one for each class of the data; 1 is enough for two classes only")
      }
    } else if units != classes.count {
      let allowed = network.loss == .binaryCrossEntropy && classes.count == 2 ? "1 or 2" : "\(classes.count)"
      issues.report(path, "must be \(allowed), one for each class of the data, found \(units)")
    }
  }

  private func checkMetrics(_ data: PreparedData, _ issues: IssueCollector) {
    let kind = data.truthKind
    for (index, metric) in (metrics ?? []).enumerated() where metric.needs != kind {
      let fitting = MetricKind.allCases.filter { $0.needs == kind }.map(\.rawValue).joined(separator: ", ")
      issues.report(
        .root.appending(key: "metrics").appending(index: index),
        "\(metric.rawValue) needs \(metric.needs == .labels ? "classes" : "numbers") to predict, and the data has "
          + "\(kind == .labels ? "classes" : "numbers"); what fits: \(fitting)")
    }
  }

  /// The metrics of a run on this data.
  func metrics(for data: PreparedData) -> [MetricKind] { metrics ?? MetricKind.defaults(for: data.truthKind) }

  /// Memory that cannot be had ends a program without a word, so it is refused beforehand.
  private func checkMemory(_ data: PreparedData, _ issues: IssueCollector) {
    let samples = min(training.batchSize, data.training.count)
    let network = network.network(inputs: data.training.table.columns)
    let slots = optimizer.rule.slots.count
    let step = Coordinator.floats(
      network, batchSize: samples, workers: parallel.workers, keepsGradient: optimizer.clipping != nil)
    // Parameters and slots, and copies of both: in the state that is written beside training, in the next one or the model, and
    // of the parameters in the digest of an epoch.
    let needed =
      4 * (Double(network.layout.count) * Double(4 + 3 * slots) + Double(network.layout.transposedCount) + step)
    let available = AvailableMemory.now()
    if needed > 0.8 * Double(available.bytes) {
      issues.report(
        .root.appending(key: "network").appending(key: "layers"),
        "parameters and a mini-batch of \(samples) samples need \(AvailableMemory.gigabytes(needed)) of memory, and "
          + available.words)
    }
  }

  private func checkProbabilities(_ subset: Subset) throws(InputError) {
    guard case .values(let values, let columns) = subset.table.targets else { return }
    for row in subset.rows {
      for column in 0..<columns {
        let value = values[Int(row) * columns + column]
        guard value >= 0 && value <= 1 else {
          throw InputError(
            file: subset.table.file,
            "the loss binaryCrossEntropy needs targets from 0 to 1, found \(value) in sample \(row + 1)")
        }
      }
    }
  }
}

extension PreparedData {
  /// What the targets are.
  fileprivate var truthKind: TruthKind { classes == nil ? .values : .labels }
}
