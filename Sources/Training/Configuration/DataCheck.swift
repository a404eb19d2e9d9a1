import ConfigurationSchema
import Datasets
import Files
import Foundation
import NeuralNetworks

extension RunConfiguration {
  /// Checks what only the data can tell: whether the last layer has an output for each class or target, whether targets
  /// are in the range of the loss, and whether all of it fits into memory.
  func check(_ data: PreparedData) throws {
    let issues = IssueCollector()
    checkOutputs(data, issues)
    try issues.throwIfAny(file: file)
    checkMemory(data, issues)
    try issues.throwIfAny(file: file)
    if network.loss == .binaryCrossEntropy {
      for part in [data.training, data.validation, data.test] { try part.map(checkProbabilities) }
    }
  }

  private func checkOutputs(_ data: PreparedData, _ issues: IssueCollector) {
    let last = network.layers.count - 1
    let units = network.layers[last].units
    let path = ConfigurationPath.root.appending(key: "network").appending(key: "layers").appending(index: last)
      .appending(key: "units")
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

  /// Memory that cannot be had ends a program without a word, so it is refused beforehand.
  private func checkMemory(_ data: PreparedData, _ issues: IssueCollector) {
    var inputs = data.training.table.columns
    let samples = min(training.batchSize, data.training.count)
    var floats = 2.0 * Double(samples) * Double(inputs)
    for layer in network.layers {
      // Weights, their transposed copy, and the copies made while a model file is written.
      floats +=
        7 * Double(inputs + 32) * Double(layer.units + 32) + 2 * Double(samples + 512) * Double(layer.units + 32)
      inputs = layer.units
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
