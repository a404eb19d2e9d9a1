import ConfigurationSchema

extension RunConfiguration {
  /// Whether a difference between two configurations changes no bit of what is computed.
  static func isWithoutConsequence(_ difference: JSONDifference) -> Bool {
    switch keys(difference).prefix(2) {
    case ["name"], ["output", "directory"], ["parallel", "workers"], ["training", "checkpoint"]: true
    default: false
    }
  }

  /// Whether a run may go on with such a difference from the configuration that it was begun with.
  ///
  /// Places of files may change, because the data themselves are compared and initial weights are not needed any more. More
  /// or fewer epochs leave those that both have as they are: nothing depends on how many there will be. (A schedule of the
  /// learning rate that does will have to forbid it.)
  static func mayChange(_ difference: JSONDifference) -> Bool {
    let keys = keys(difference)
    if isWithoutConsequence(difference) || keys == ["training", "epochs"] { return true }
    let isPlace =
      keys == ["network", "initialWeights"]
      || keys.count == 3 && keys[0] == "dataset" && ["path", "features", "labels"].contains(keys[2])
    // In an inline source, `features` are the numbers themselves, in CSV a list of columns.
    if isPlace, case .string? = difference.first, case .string? = difference.second { return true }
    return false
  }

  private static func keys(_ difference: JSONDifference) -> [String] {
    difference.path.components.map { if case .key(let key) = $0 { key } else { "" } }
  }

  /// Checks that a run may go on with this configuration.
  ///
  /// - Parameters:
  ///   - begun: the configuration that it was begun with.
  ///   - epochs: those that have begun.
  /// - Throws: `ConfigurationError` that names what differs.
  func check(against begun: JSONValue, epochs: Int) throws(ConfigurationError) {
    let issues = IssueCollector()
    for difference in begun.differences(from: json) where !Self.mayChange(difference) {
      issues.report(
        difference.path,
        "was \(difference.firstText) when the run began and is \(difference.secondText); a run goes on as it began, or "
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
