import ConfigurationSchema

/// A place where two resolved configurations differ, and what that means.
struct ConfigurationDifference: Sendable, Equatable {
  /// The place, and what stands there.
  let difference: JSONDifference
  /// The role of the key there.
  let role: KeyRole

  /// Whether the difference changes no bit of what is computed.
  var isWithoutConsequence: Bool { role == .changesNoBit }

  /// Whether a run may go on with the difference from the configuration that it was begun with.
  ///
  /// Places of files may change, because the data themselves are compared and initial weights are not needed any more. More
  /// or fewer epochs leave those that both have as they are: nothing depends on how many there will be. (A schedule of the
  /// learning rate that does will have to forbid it.)
  var mayChange: Bool {
    switch role {
    case .changesNoBit, .mayGrow: true
    // A file that is there in one only is another configuration, and so is a section in place of a path.
    case .path: Self.isPath(difference.first) && Self.isPath(difference.second)
    case .arithmetic, .beginning, .transient: false
    }
  }

  private static func isPath(_ value: JSONValue?) -> Bool { if case .string? = value { true } else { false } }
}

extension RunConfiguration {
  /// Where two resolved configurations differ.
  static func differences(between first: JSONValue, and second: JSONValue) -> [ConfigurationDifference] {
    first.differences(from: second).map { difference in
      // Where the documents choose different variants, a key has no role in both; then it is part of the arithmetic.
      let roles = [first, second].map { description.role(of: difference.path, in: $0) ?? .arithmetic }
      return ConfigurationDifference(difference: difference, role: roles[0] == roles[1] ? roles[0] : .arithmetic)
    }
  }

  /// Checks that a run may go on with this configuration.
  ///
  /// - Parameters:
  ///   - begun: the configuration that it was begun with.
  ///   - epochs: those that have begun.
  ///   - steps: those that were made.
  /// - Throws: `ConfigurationError` that names what differs.
  func check(against begun: JSONValue, epochs: Int, steps: Int = 0) throws(ConfigurationError) {
    let issues = IssueCollector()
    for difference in Self.differences(between: begun, and: json) where !difference.mayChange {
      let difference = difference.difference
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
    if let most = training.maxSteps, most < steps {
      issues.report(
        .root.appending(key: "training").appending(key: "maxSteps"),
        "must be at least \(steps), the steps that were made, found \(most)")
    }
    try issues.throwIfAny(file: file)
  }
}
