extension Truth {
  /// The mean over the outputs of a function of the weighted errors of each; NaN if the truth is of classes.
  ///
  /// - Parameter value: takes for one output its error and its true value, of each sample.
  func meanOverOutputs(
    _ predictions: Predictions, _ value: (_ error: (Int) -> Double, _ truth: (Int) -> Double) -> Double
  ) -> Double {
    guard case .values(let values, let columns) = self else { return .nan }
    let sum = (0..<columns).reduce(0.0) { sum, column in
      func truth(_ sample: Int) -> Double { Double(values[sample * columns + column]) }
      func error(_ sample: Int) -> Double {
        Double(predictions.outputs[sample * columns + column]) - truth(sample)
      }
      return sum + value(error, truth)
    }
    return sum / Double(columns)
  }
}

/// The root of the mean squared error of each output, averaged over the outputs: (1/m) Σⱼ √((1/n) Σᵢ (aᵢⱼ − yᵢⱼ)²) for n
/// samples of m outputs, as scikit-learn's `root_mean_squared_error` defines it.
///
/// It has the unit of the targets.
public struct RootMeanSquaredError: Metric {
  public var help: String {
    "the root of the mean squared error of each output, in the unit of the targets; of several outputs, their mean"
  }
  public var takes: Set<TruthKind> { [.values] }
  public var direction: MetricDirection { .minimize }
  public var isShare: Bool { false }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    truth.meanOverOutputs(predictions) { error, _ in
      weights.mean(predictions.count) { error($0) * error($0) }.squareRoot()
    }
  }
}

/// The mean of |a − y| over samples and outputs. It has the unit of the targets.
public struct MeanAbsoluteError: Metric {
  public var help: String { "the mean distance from the target, in its unit; of several outputs, their mean" }
  public var takes: Set<TruthKind> { [.values] }
  public var direction: MetricDirection { .minimize }
  public var isShare: Bool { false }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    truth.meanOverOutputs(predictions) { error, _ in weights.mean(predictions.count) { abs(error($0)) } }
  }
}

/// The coefficient of determination, 1 − Σ (a − y)² / Σ (y − ȳ)²: the share of the variance that is explained, averaged over the
/// outputs. Where all targets are equal it is 1 if all errors are 0, else 0; of one sample it is not defined.
public struct R2: Metric {
  public var help: String { "the share of the variance of the targets that is explained, 1 at best" }
  public var takes: Set<TruthKind> { [.values] }
  public var direction: MetricDirection { .maximize }
  public var isShare: Bool { false }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    let count = predictions.count
    guard count > 1 else { return .nan }
    return truth.meanOverOutputs(predictions) { error, truth in
      let mean = weights.mean(count, of: truth)
      let errors = weights.mean(count) { error($0) * error($0) }
      let variance = weights.mean(count) { (truth($0) - mean) * (truth($0) - mean) }
      if variance == 0 { return errors == 0 ? 1 : 0 }
      return 1 - errors / variance
    }
  }
}

/// The mean of |a − y| / |y|, where a target of 0 counts as 2⁻⁵²: a share of the targets, not in percent.
public struct MeanAbsolutePercentageError: Metric {
  public var help: String { "the mean distance from the target as a share of it; 0.1 is 10 %" }
  public var takes: Set<TruthKind> { [.values] }
  public var direction: MetricDirection { .minimize }
  public var isShare: Bool { false }

  /// The function.
  public init() {}

  public func value(_ predictions: Predictions, _ truth: Truth, _ weights: SampleWeights) -> Double {
    truth.meanOverOutputs(predictions) { error, truth in
      weights.mean(predictions.count) { abs(error($0)) / max(abs(truth($0)), .ulpOfOne) }
    }
  }
}
