import ConfigurationSchema

/// The section `training.checkpoint` of a configuration: how often the state of a run is saved, and how many states are
/// kept.
public struct CheckpointConfiguration: Sendable, Equatable {
  /// When a state is due.
  public enum Interval: Sendable, Equatable {
    /// `{ "epochs": N }`: after every N epochs.
    case epochs(Int)
    /// `{ "steps": N }`: after every N steps of the run.
    case steps(Int)
    /// `{ "seconds": S }`: when S seconds have passed since the last time.
    case seconds(Double)
  }

  /// When a state is due.
  public let interval: Interval
  /// `keep`: states that are kept, from 2 on: the newest, and those before it.
  public let keep: Int

  /// What goes where the section is absent.
  static let standard = Self(.epochs(1))

  /// States that are kept unless more are wanted: the newest could be damaged.
  private static let fewest = 2

  init(_ interval: Interval, keep: Int = fewest) {
    self.interval = interval
    self.keep = keep
  }

  private enum Key: String, CaseIterable { case epochs, steps, seconds }

  /// The section; nil after reporting issues.
  init?(_ section: Section) {
    let interval = section.alternatives(of: Key.self) { key -> Interval? in
      switch key {
      case .epochs:
        section.required("epochs", .integer(in: 1...1_000_000_000), help: "after every so many epochs")
          .map { .epochs($0) }
      case .steps:
        section.required("steps", .integer(in: 1...Int.max), help: "after every so many steps").map { .steps($0) }
      case .seconds:
        section.required("seconds", .number(.positive), help: "when so many seconds have passed since the last time")
          .map { .seconds($0) }
      }
    }
    keep = section.value(
      "keep", .integer(in: Self.fewest...1_000_000_000), default: Self.fewest,
      help: "states that are kept: the newest, the one before it, and older ones as `checkpoint.step-N.safetensors`")
    guard let interval else { return nil }
    self.interval = interval
  }
}
