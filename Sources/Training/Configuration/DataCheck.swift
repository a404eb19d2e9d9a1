import ConfigurationSchema
import Datasets
import Files
import Foundation
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
    var inputs = data.training.table.columns
    let samples = min(training.batchSize, data.training.count)
    var floats = 2.0 * Double(samples) * Double(inputs)
    for layer in network.layers {
      // Weights, their transposed copy, and the copies made while a model file is written.
      let units = layer.layer.outputs(inputs: inputs)
      floats += 7 * Double(inputs + 32) * Double(units + 32) + 2 * Double(samples + 512) * Double(units + 32)
      inputs = units
    }
    let needed = 4 * floats
    let available = Double(ProcessInfo.processInfo.physicalMemory)
    if needed > 0.8 * available {
      func gigabytes(_ bytes: Double) -> String { String(format: "%.1f GB", bytes / 1e9) }
      issues.report(
        .root.appending(key: "network").appending(key: "layers"),
        "parameters and a mini-batch of \(samples) samples need \(gigabytes(needed)) of memory, and this machine has "
          + gigabytes(available))
    }
  }

  private func checkProbabilities(_ subset: Subset) throws(DataError) {
    guard case .values(let values, let columns) = subset.table.targets else { return }
    for row in subset.rows {
      for column in 0..<columns {
        let value = values[Int(row) * columns + column]
        guard value >= 0 && value <= 1 else {
          throw DataError(
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
