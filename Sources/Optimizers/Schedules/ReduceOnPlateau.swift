import ConfigurationSchema
import Kernels

/// η is multiplied by a factor when a metric has not become better for more than `patience` epochs, as PyTorch's
/// `ReduceLROnPlateau` with an absolute threshold and no cooldown.
///
/// After each epoch whoever trains hands over the value of the metric; what is remembered of earlier ones is a `Plateau`, and
/// η of a step depends on the number of reductions in it.
public struct ReduceOnPlateau: ScheduleShape {
  /// `metric`: what is looked at.
  public let metric: String
  let factor: Double
  let patience: Int
  let minimumChange: Double
  let minimum: Double

  static var standardUnit: Schedule.Unit? { nil }
  static var hasEnd: Bool { false }

  init(metric: String, factor: Double = 0.1, patience: Int = 10, minimumChange: Double = 0, minimum: Double = 0) {
    self.metric = metric
    self.factor = factor
    self.patience = patience
    self.minimumChange = minimumChange
    self.minimum = minimum
  }

  init?(_ section: Section, _ surroundings: Schedule.Surroundings) {
    metric = section.value(
      "metric", surroundings.metric, default: "validation.loss", help: "what is compared after each epoch")
    factor = section.value(
      "factor", .number(.from(0, below: 1)), default: 0.1, help: "what η is multiplied by")
    patience = section.value(
      "patience", .integer(in: 0...1_000_000_000), default: 10,
      help: "how many epochs after another may be no better than the best one; the next such epoch reduces η")
    minimumChange = section.value(
      "minimumChange", .number(.nonNegative), default: 0, help: "a value is better if it is so by more than this")
    minimum = section.value("minimum", .number(.nonNegative), default: 0, help: "the least η")
  }

  func learningRate(_ base: Double, _ position: SchedulePosition) -> Double {
    position.reductions == 0 ? base : max(base * power(factor, position.reductions), min(minimum, base))
  }

  /// Takes in the value of the metric after an epoch. One that is missing, or not a finite number, is not better.
  ///
  /// - Parameter isMaximized: whether the greater value is the better one.
  public func update(_ plateau: inout Plateau, with value: Double?, isMaximized: Bool) {
    if let value, value.isFinite, isBetter(value, than: plateau.best, isMaximized) {
      plateau.best = value
      plateau.epochs = 0
      return
    }
    plateau.epochs += 1
    if plateau.epochs > patience {
      plateau.reductions += 1
      plateau.epochs = 0
    }
  }

  private func isBetter(_ value: Double, than best: Double?, _ isMaximized: Bool) -> Bool {
    guard let best else { return true }
    return isMaximized ? value > best + minimumChange : value < best - minimumChange
  }
}

/// What `ReduceOnPlateau` remembers of the epochs of a run.
public struct Plateau: Sendable, Equatable {
  /// The best value so far.
  public var best: Double?
  /// Epochs since then, or since the last reduction.
  public var epochs = 0
  /// How often η was reduced.
  public var reductions = 0

  /// That of a run without epochs.
  public init() {}
}
