import ConfigurationSchema

extension RunConfiguration {
  /// Whether a difference between two configurations is one of what is computed.
  ///
  /// Names and places of files do not count, because the data themselves are compared; workers and checkpoints change no
  /// bit. More or fewer epochs leave those that both have as they are: nothing depends on how many there will be. (A
  /// schedule of the learning rate that does will have to count.)
  static func changesResults(_ difference: JSONDifference) -> Bool {
    let keys = difference.path.components.map { component -> String in
      if case .key(let key) = component { key } else { "" }
    }
    switch keys.first {
    case "name", "output": return false
    case "parallel": return keys.dropFirst().first != "workers"
    case "training": return !["epochs", "checkpoint"].contains(keys.dropFirst().first)
    case "dataset":
      guard keys.count == 3, ["path", "features", "labels"].contains(keys[2]) else { return true }
      // In an inline source, `features` are the numbers themselves, in CSV a list of columns.
      if case .string? = difference.first, case .string? = difference.second { return false }
      return true
    default: return true
    }
  }

  /// Checks that a run may go on with this configuration.
  ///
  /// - Parameters:
  ///   - begun: the configuration that it was begun with.
  ///   - epochs: those that have begun.
  /// - Throws: `ConfigurationError` that names what differs.
  func check(against begun: JSONValue, epochs: Int) throws(ConfigurationError) {
    let issues = IssueCollector()
    for difference in begun.differences(from: json) where Self.changesResults(difference) {
      func text(_ value: JSONValue?) -> String { value.map(\.summary) ?? "absent" }
      issues.report(
        difference.path,
        "was \(text(difference.first)) when the run began and is \(text(difference.second)); a run goes on as it began, or "
          + "a new one begins with --config")
    }
    if training.epochs < epochs {
      issues.report(
        .root.appending(key: "training").appending(key: "epochs"),
        "must be at least \(epochs), the epochs that have begun, found \(training.epochs)")
    }
    try issues.throwIfAny(file: file)
  }
}
