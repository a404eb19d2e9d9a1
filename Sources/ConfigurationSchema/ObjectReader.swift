/// Reads the members of one JSON object, and reports everything in it that is not as it should be.
///
/// Every method that takes a key makes that key known; `finish()` then reports the keys of the object that nobody
/// asked for. A method without a default reports a missing key; any method reports a value that is present and wrong,
/// and `null` is a wrong value. After an issue a method returns nil, or the default, and reading goes on:
///
/// ```swift
/// let issues = IssueCollector()
/// let reader = ObjectReader(value, path: .root, issues: issues)
/// let epochs = reader.integer("epochs", in: 1...Int.max)
/// let shuffle = reader.bool("shuffle", default: true)
/// reader.finish()
/// try issues.throwIfAny(file: file)
/// ```
public final class ObjectReader {
  /// Where the object stands in the configuration.
  public let path: ConfigurationPath
  /// Where issues go.
  public let issues: IssueCollector

  /// The members; nil if the value was not an object, which is reported once and then nothing more.
  private let members: [String: JSONValue]?
  /// The keys whose values were asked for.
  private var readKeys: Set<String> = []
  /// The keys whose presence alone was asked for.
  private var probedKeys: Set<String> = []

  /// A reader of a value, which is reported if it is not an object. Such a reader then behaves like one of an empty
  /// object, but is silent about missing keys: one mistake makes one message.
  public init(_ value: JSONValue, path: ConfigurationPath, issues: IssueCollector) {
    self.path = path
    self.issues = issues
    if case .object(let members) = value {
      self.members = members
    } else {
      self.members = nil
      issues.report(path, "must be an object, found \(value.summary)")
    }
  }

  /// Whether the key is present, even as `null`. This makes it a name that `finish()` may suggest, but does not read
  /// it: a key that is present and only asked for in this way is still reported.
  public func contains(_ key: String) -> Bool {
    probedKeys.insert(key)
    return members?[key] != nil
  }

  /// The value of a key, nil if it is absent. For what the other methods cannot express; nothing is reported.
  public func value(_ key: String) -> JSONValue? {
    readKeys.insert(key)
    return members?[key]
  }

  /// The value of a key that has to be there; nil after reporting that it is not.
  func requiredValue(_ key: String) -> JSONValue? {
    let value = value(key)
    if value == nil, members != nil {
      report(key, "is required")
    }
    return value
  }

  /// Reports an issue with the value of a key.
  public func report(_ key: String, _ message: String) {
    issues.report(path.appending(key: key), message)
  }

  /// Reports every key that was never asked for, in alphabetical order, with the nearest known name or, if none is
  /// near, with all of them. Call it after everything is read.
  public func finish() {
    guard let members else { return }
    let known = readKeys.union(probedKeys)
    for key in members.keys.sorted() where !readKeys.contains(key) {
      if probedKeys.contains(key) {
        report(key, "has no effect here; remove it")
      } else if let name = nearest(to: key, among: known) {
        report(key, "unknown key; did you mean '\(name)'?")
      } else if known.isEmpty {
        report(key, "unknown key; no keys are allowed here")
      } else {
        report(key, "unknown key; allowed: \(known.sorted().joined(separator: ", "))")
      }
    }
  }
}
