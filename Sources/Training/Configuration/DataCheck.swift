import ConfigurationSchema
import DataParallel
import Datasets
import Files
import Kernels
import Metrics
import NeuralNetworks

extension RunConfiguration {
  /// Checks what only the data can tell: whether the last layer has an output for each class or target, whether targets
  /// are in the range of the loss, and whether all of it fits into memory.
  func check(_ data: PreparedData, _ execution: Execution) throws {
    let issues = IssueCollector()
    checkOutputs(data, issues)
    _ = classWeights(for: data, issues)
    checkMetrics(data, issues)
    checkDecision(data, issues)
    let network = network.network(inputs: data.training.table.columns)
    checkStatistics(network, data, issues)
    try issues.throwIfAny(file: file)
    checkMemory(network, data, execution, issues)
    try issues.throwIfAny(file: file)
    try checkWeights(data)
    if let range = network.loss.kind.targetRange {
      for part in [data.training, data.validation, data.test] { try part.map { try checkTargets($0, in: range) } }
    }
  }

  /// How much each class counts in the loss; nil if all count alike.
  ///
  /// - Throws: `ConfigurationError` if there is a class without a weight, or a weight without a class.
  func classWeights(for data: PreparedData) throws(ConfigurationError) -> [Float]? {
    let issues = IssueCollector()
    let weights = classWeights(for: data, issues)
    try issues.throwIfAny(file: file)
    return weights
  }

  private func classWeights(for data: PreparedData, _ issues: IssueCollector) -> [Float]? {
    guard let classWeights = network.loss.classWeights else { return nil }
    let path = ConfigurationPath.root.appending(key: "loss").appending(key: "classWeights")
    let table = data.training.table
    let parts = [data.training, data.validation, data.test].compactMap(\.self)
    guard case .labels(let labels, let classes) = table.targets,
      parts.allSatisfy({ if case .labels = $0.table.targets { true } else { false } })
    else {
      issues.report(
        path,
        "needs a class for each sample, and the data has \(data.classes == nil ? "numbers" : "probabilities of classes")"
      )
      return nil
    }
    var totals = [Double](repeating: 0, count: classes.count)
    for row in data.training.rows { totals[Int(labels[Int(row)])] += Double(table.weights?[Int(row)] ?? 1) }
    return classWeights.values(of: classes, totals: totals, at: path, issues)
  }

  /// How targets become the numbers that are learned.
  func targetEncoding(_ data: PreparedData, outputs: Int) -> TargetEncoding {
    if let scaling = data.schema.targetScaling {
      return TargetEncoding(low: 0, high: 1, shift: scaling.shift, scale: scaling.scale)
    }
    let loss = network.loss
    guard loss.labelSmoothing > 0 else { return .plain }
    let (scale, offset) = loss.smoothing(outputs: outputs)
    return TargetEncoding(smoothing: scale, offset: offset, columns: outputs)
  }

  /// Checks that weights of samples and classes leave something to train on, and to measure.
  private func checkWeights(_ data: PreparedData) throws {
    let classWeights = try classWeights(for: data)
    for (part, name) in [(data.training, "train"), (data.validation, "validation"), (data.test, "test")] {
      guard let part, part.table.weights != nil || classWeights != nil else { continue }
      let isWeighted = part.rows.contains { row in
        var weight = part.table.weights?[Int(row)] ?? 1
        if let classWeights, case .labels(let labels, _) = part.table.targets {
          weight *= classWeights[Int(labels[Int(row)])]
        }
        return weight > 0
      }
      if !isWeighted {
        throw InputError(
          file: part.table.file, "the weights of all samples of dataset.\(name) are 0, those of their classes included")
      }
    }
  }

  /// Checks that each mini-batch has samples enough for its statistics.
  private func checkStatistics(_ network: Network, _ data: PreparedData, _ issues: IssueCollector) {
    let layers = ConfigurationPath.root.appending(key: "network").appending(key: "layers")
    guard let norm = network.layout.blocks.first(where: { $0.role == .statistic && $0.learning.isTrainable })?.layer
    else { return }
    let size = min(training.batchSize, data.training.count)
    let key = ConfigurationPath.root.appending(key: "training")
    if size == 1 {
      issues.report(
        key.appending(key: "batchSize"),
        "must be at least 2 for the statistics of \(layers.appending(index: norm)), and so must be the training samples"
      )
    } else if data.training.count % size == 1 && !training.dropLast {
      issues.report(
        key.appending(key: "dropLast"),
        "must be true, or the batch size another: the last mini-batch would have 1 sample, and \(layers.appending(index: norm)) "
          + "needs 2 for its statistics")
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
    } else if !network.loss.kind.fits(outputs: units, classes: classes.count) {
      let mayBeOne = network.loss.kind.fits(outputs: 1, classes: classes.count)
      let hint =
        units == 1 && network.loss.kind.fits(outputs: 1, classes: 2) ? "; 1 is enough for two classes only" : ""
      issues.report(
        path,
        "must be \(mayBeOne ? "1 or " : "")\(classes.count), one for each class of the data, found \(units)\(hint)")
    }
  }

  private func checkMetrics(_ data: PreparedData, _ issues: IssueCollector) {
    let measures = measures(for: data)
    for (index, metric) in (metrics ?? []).enumerated() {
      let path = ConfigurationPath.root.appending(key: "metrics").appending(index: index)
      if !metric.takes.contains(measures.truth) {
        let fitting = MetricKind.allCases.filter { $0.metric.takes.contains(measures.truth) }.map(\.rawValue)
        // In the order of the declaration: a set has none.
        let taken = [TruthKind.labels, .labelSets, .values].filter(metric.takes.contains).map(\.words)
        issues.report(
          path,
          "\(metric.name) needs \(taken.joined(separator: " or ")) to predict, and the data has \(measures.truth.words); what fits: "
            + fitting.joined(separator: ", "))
        continue
      }
      switch metric {
      case .kind: break
      case .topAccuracy(let count):
        if count >= measures.names.count {
          issues.report(path, "\(metric.name) is always 1, because the data has \(measures.names.count) classes")
        }
      case .ofClass(let share, let name):
        if !measures.names.contains(name) {
          let near = nearest(to: name, among: measures.names).map { "; did you mean '\(share.rawValue).\($0)'?" } ?? ""
          let noun = measures.truth == .labels ? "class" : "label"
          issues.report(path, "the data has no \(noun) \(quoted(name)), only \(listed(measures.names))\(near)")
        }
      }
    }
    for (metric, path) in monitoredMetrics {
      metric.check(hasValidation: data.validation != nil, metrics: measures.metrics.map(\.name), path, issues)
    }
  }

  /// Memory that cannot be had ends a program without a word, so it is refused beforehand.
  private func checkMemory(
    _ network: Network, _ data: PreparedData, _ execution: Execution, _ issues: IssueCollector
  ) {
    let needed = memory(of: network, data, execution)
    let available = AvailableMemory.now()
    if needed > 0.8 * Double(available.bytes) {
      issues.report(
        .root.appending(key: "network").appending(key: "layers"),
        "parameters and a mini-batch of \(min(training.batchSize, data.training.count)) samples need "
          + "\(AvailableMemory.gigabytes(needed)) of memory, and \(available.words)")
    }
  }

  /// Bytes that training needs beside the data.
  func memory(of network: Network, _ data: PreparedData, _ execution: Execution) -> Double {
    let samples = min(training.batchSize, data.training.count)
    let slots = optimizer.rule.slots.count
    let evaluated = max(data.validation?.count ?? 0, data.test?.count ?? 0)
    let shards = GradientShards(rows: samples, shardRows: parallel.shardRows)
    let step = Coordinator.floats(
      network, shards, evaluated: evaluated, execution, keepsGradient: optimizer.clipping?.norm != nil)
    // Parameters and slots, and copies of both: in the state that is written beside training, in the next one or the model, and
    // of the parameters in the digest of an epoch.
    // So have the average and the parameters of the best epoch, from which the model is evaluated at the end.
    let copies = 4 + 3 * slots + (training.earlyStopping == nil ? 0 : 4) + (optimizer.averaging == nil ? 0 : 4)
    return 4 * (Double(network.layout.count) * Double(copies) + Double(network.layout.transposedCount) + step)
  }

  private func checkTargets(_ subset: Subset, in range: ClosedRange<Float>) throws(InputError) {
    guard case .values(let values, let columns) = subset.table.targets else { return }
    for row in subset.rows {
      for column in 0..<columns {
        let value = values[Int(row) * columns + column]
        guard range.contains(value) else {
          throw InputError(
            file: subset.table.file,
            "the loss \(network.loss.kind.rawValue) needs targets from \(number(range.lowerBound)) to "
              + "\(number(range.upperBound)), found \(value) in sample \(row + 1)")
        }
      }
    }
  }
}

/// A Float as a person writes it.
private func number(_ value: Float) -> String { JSONValue.number(Double(value)).compactText }
