import ConfigurationSchema

/// The section `training.checkpoint` of a configuration: how often the state of a run is saved.
public enum CheckpointConfiguration: Sendable, Equatable {
  /// `{ "epochs": N }`: after every N epochs.
  case epochs(Int)
  /// `{ "steps": N }`: after every N steps of the run.
  case steps(Int)
  /// `{ "seconds": S }`: when S seconds have passed since the last time.
  case seconds(Double)

  /// What goes where the section is absent.
  static let standard = Self.epochs(1)

  private enum Key: String, CaseIterable { case epochs, steps, seconds }

  /// The section; nil after reporting issues.
  init?(_ section: Section) {
    let interval = section.alternatives(of: Key.self) { key -> Self? in
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
    guard let interval else { return nil }
    self = interval
  }
}
