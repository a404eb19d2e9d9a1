import ConfigurationSchema

/// How η changes in the course of a run: the section `optimizer.schedule`, a pure function of the number of the step.
///
///     η(s) = shape(base, t)                                 t = s − W steps, or the epochs in them
///     η(s) = shape(base, 0) · (s + 1) / (W + 1)             s < W, the steps of the warmup
///
/// Steps are counted from 0. A schedule with an end reaches it after `epochs`, the warmup included, and stays there. A new
/// schedule is one file with a `ScheduleShape`, and a case of `Kind`.
public struct Schedule: Sendable, Equatable {
  /// The schedules by their names.
  public enum Kind: String, Catalogue, Sendable {
    case constant, step, exponential, cosine, polynomial, oneCycle, linear, reduceOnPlateau

    public var help: String {
      switch self {
      case .constant: "η stays as it is"
      case .step: "every so often η is multiplied by a factor"
      case .exponential: "η is multiplied by a factor each time"
      case .cosine: "η falls along half a cosine"
      case .polynomial: "η falls as a power of the time that is left"
      case .oneCycle: "η rises to its full size and falls to almost nothing, each along half a cosine"
      case .linear: "η changes along a straight line"
      case .reduceOnPlateau: "η is multiplied by a factor when a metric has not become better for some epochs"
      }
    }

    /// The type.
    var shape: any ScheduleShape.Type {
      switch self {
      case .constant: ConstantSchedule.self
      case .step: StepSchedule.self
      case .exponential: ExponentialSchedule.self
      case .cosine: CosineSchedule.self
      case .polynomial: PolynomialSchedule.self
      case .oneCycle: OneCycleSchedule.self
      case .linear: LinearSchedule.self
      case .reduceOnPlateau: ReduceOnPlateau.self
      }
    }
  }

  /// How often η changes.
  enum Unit: String, Catalogue, Sendable {
    case step, epoch

    var help: String {
      switch self {
      case .step: "with each step"
      case .epoch: "with each epoch"
      }
    }
  }

  let shape: any ScheduleShape
  let unit: Unit
  let warmup: Warmup?
  /// When it ends; nil for never.
  let epochs: Int?

  /// A schedule.
  init(_ shape: any ScheduleShape, by unit: Unit = .step, epochs: Int? = nil, warmup: Warmup? = nil) {
    self.shape = shape
    self.unit = unit
    self.epochs = epochs
    self.warmup = warmup
  }

  /// η stays as it is.
  public static let constant = Schedule(ConstantSchedule())

  /// What has to be known for the keys of a schedule beside its section.
  public struct Surroundings {
    /// `training.epochs`
    let epochs: Int
    /// The names of metrics.
    let metric: Domain<String>

    /// - Parameters:
    ///   - epochs: `training.epochs`
    ///   - metric: the names of the metrics that may be looked at.
    public init(epochs: Int, metric: Domain<String>) {
      self.epochs = epochs
      self.metric = metric
    }
  }

  /// The section; nil after reporting issues.
  init?(_ kind: Kind, _ section: Section, _ surroundings: Surroundings) {
    self.init(kind.shape, section, surroundings)
  }

  private init?<Shape: ScheduleShape>(_: Shape.Type, _ section: Section, _ surroundings: Surroundings) {
    let shape = Shape(section, surroundings)
    unit =
      Shape.standardUnit.map {
        section.value("by", .choice(of: Unit.self), default: $0, help: "how often η changes")
      } ?? .step
    epochs =
      Shape.hasEnd
      ? section.value(
        "epochs", .integer(in: 1...1_000_000_000), default: surroundings.epochs, "`training.epochs`",
        help: "when the schedule ends, the warmup included; η then stays as it is")
      : nil
    warmup = section.optionalObject("warmup", help: "steps at the start in which η grows along a straight line") {
      Warmup($0)
    }
    if let epochs, case .epochs(let warmup)? = warmup, warmup >= epochs {
      section.report("warmup", "must be shorter than the \(epochs) epochs of the schedule, found \(warmup) epochs")
    }
    guard let shape else { return nil }
    self.shape = shape
  }

  /// What depends on a metric; nil if nothing does.
  public var plateau: ReduceOnPlateau? { shape as? ReduceOnPlateau }

  /// η of a step, of which the configuration says `base`.
  func learningRate(_ base: Double, _ time: StepTime) -> Double {
    let warmup = warmup?.steps(perEpoch: time.stepsPerEpoch) ?? 0
    let inUnit = unit == .step ? 1 : time.stepsPerEpoch
    let total = epochs.map { (Double($0) * Double(time.stepsPerEpoch) - Double(warmup)) / Double(inUnit) }
    let position = SchedulePosition(
      time: max(time.step - warmup, 0) / inUnit, total: total ?? .infinity, reductions: time.reductions)
    let rate = shape.learningRate(base, position)
    return time.step < warmup ? rate * (Double(time.step + 1) / (Double(warmup) + 1)) : rate
  }

  public static func == (one: Self, other: Self) -> Bool {
    one.shape.isEqual(to: other.shape) && one.unit == other.unit && one.warmup == other.warmup
      && one.epochs == other.epochs
  }
}

/// The time of a step, as far as η depends on it.
public struct StepTime: Sendable, Equatable {
  /// The step, counted from 0 since the start of the run.
  public var step: Int
  /// Steps of an epoch.
  public var stepsPerEpoch: Int
  /// How often a plateau has reduced η.
  public var reductions: Int

  /// The time of a step.
  public init(step: Int, stepsPerEpoch: Int, reductions: Int = 0) {
    self.step = step
    self.stepsPerEpoch = stepsPerEpoch
    self.reductions = reductions
  }
}

/// How η depends on the time since the warmup.
protocol ScheduleShape: Sendable, Equatable {
  /// How often η changes where the configuration does not say; nil where it cannot.
  static var standardUnit: Schedule.Unit? { get }
  /// Whether it ends.
  static var hasEnd: Bool { get }

  /// The keys of the shape; nil after reporting issues.
  init?(_ section: Section, _ surroundings: Schedule.Surroundings)

  /// η at a time, of which the configuration says `base`.
  func learningRate(_ base: Double, _ position: SchedulePosition) -> Double
}

extension ScheduleShape {
  fileprivate func isEqual(to other: any ScheduleShape) -> Bool { other as? Self == self }
}

/// A time of a schedule, in steps or in epochs since the warmup.
struct SchedulePosition {
  /// From 0.
  let time: Int
  /// When the schedule ends; ∞ for never.
  let total: Double
  /// How often a plateau has reduced η.
  var reductions = 0

  /// The part of the schedule that is over, from 0 to 1.
  var fraction: Double { Double(time) >= total ? 1 : Double(time) / total }
}

extension Section {
  /// What η is multiplied by at the end of a schedule.
  func finalFactor(default standard: Double) -> Double {
    value("finalFactor", .number(.from(0, through: 1)), default: standard, help: "what η is multiplied by at the end")
  }
}
