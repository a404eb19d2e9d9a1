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

  /// The keys, of which one has to be there.
  private static let keys = ["epochs", "steps", "seconds"]

  /// Reads the section; `reader` is nil where it is absent.
  init(reading reader: ObjectReader?) {
    self = .standard
    guard let reader else { return }
    let present = Self.keys.filter { reader.value($0) != nil }
    if present.count == 1 {
      switch present[0] {
      case "epochs": self = .epochs(reader.integer("epochs", in: 1...1_000_000_000) ?? 1)
      case "steps": self = .steps(reader.integer("steps", in: 1...Int.max) ?? 1)
      default: self = .seconds(reader.number("seconds", .positive) ?? 1)
      }
    } else {
      let found = present.isEmpty ? "none of them" : present.map { "'\($0)'" }.joined(separator: " and ")
      reader.issues.report(reader.path, "must have one of 'epochs', 'steps' and 'seconds', found \(found)")
    }
    reader.finish()
  }

  var json: JSONValue {
    switch self {
    case .epochs(let count): .object(["epochs": .integer(count)])
    case .steps(let count): .object(["steps": .integer(count)])
    case .seconds(let seconds): .object(["seconds": .number(seconds)])
    }
  }
}
