/// Gathers what is wrong while a configuration is read, instead of stopping at the first error.
///
/// All sections of one configuration share a collector. Reading goes on with default values after an issue, and
/// `throwIfAny(file:)` stands before anything is made of them.
public final class IssueCollector {
  /// More issues than this are only counted: nobody reads them, and a file can have as many as it has bytes.
  public static let limit = 100

  /// What was reported first, in that order.
  public private(set) var issues: [ConfigurationIssue] = []
  /// How many more there were.
  public private(set) var omitted = 0

  /// A collector without issues.
  public init() {}

  /// Adds an issue. The message is read after the path and a colon; it is not formed if it is only counted.
  public func report(_ path: ConfigurationPath, _ message: @autoclosure () -> String) {
    if issues.count < Self.limit {
      issues.append(ConfigurationIssue(path: path, message: message()))
    } else {
      omitted += 1
    }
  }

  /// Throws all issues as one error, if there are any.
  public func throwIfAny(file: String) throws(ConfigurationError) {
    guard issues.isEmpty else { throw ConfigurationError(file: file, issues: issues, omitted: omitted) }
  }
}
