/// Gathers what is wrong while a configuration is read, instead of stopping at the first error.
///
/// All readers of one configuration share a collector. Reading goes on with default values after an issue, and
/// `throwIfAny(file:)` stands before anything is made of them.
public final class IssueCollector {
  /// What was reported, in that order.
  public private(set) var issues: [ConfigurationIssue] = []

  /// A collector without issues.
  public init() {}

  /// Adds an issue. The message is read after the path and a colon.
  public func report(_ path: ConfigurationPath, _ message: String) {
    issues.append(ConfigurationIssue(path: path, message: message))
  }

  /// Throws all issues as one error, if there are any.
  public func throwIfAny(file: String) throws(ConfigurationError) {
    guard issues.isEmpty else { throw ConfigurationError(file: file, issues: issues) }
  }
}
