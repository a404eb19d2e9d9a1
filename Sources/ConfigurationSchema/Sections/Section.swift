import Foundation

/// The declaration of a section: the one place that says which keys it has.
///
/// A configuration type has one `init?(_ section: Section)` that asks for each of its keys, with the values it may have, the
/// default, and what it is for:
///
///     init?(_ section: Section) {
///       let epochs = section.required("epochs", .integer(in: 1...1000), help: "passes over the data", role: .mayGrow)
///       shuffle = section.value("shuffle", .bool, default: true, help: "whether each epoch has an order of its own")
///       guard let epochs else { return nil }
///       self.epochs = epochs
///     }
///
/// The same code is run in two ways. `Section.read` reads a document strictly: every key that is missing, wrong, or not
/// asked for is reported, and after an issue reading goes on with nil or the default. What was answered, defaults
/// filled in and paths absolute, is the resolved configuration. `Section.describe` runs it without a document, and what
/// was asked for is the description of the section; each question is then answered with the default or any value.
///
/// So that a description is complete, a declaration asks for all its keys before it returns, and asks no question
/// depending on an answer but through `variants`, `alternatives` and the other functions that take a closure.
public final class Section {
  /// Where the section stands in the configuration.
  public let path: ConfigurationPath
  /// Where issues go.
  public var issues: IssueCollector { context.issues }

  let context: SectionContext
  /// The members; nil when describing, and if the value was not an object, which is reported once and then nothing more.
  let members: [String: JSONValue]?
  /// The keys that were asked for.
  var readKeys: Set<String> = []
  /// Whether a choice of further keys could not be made: then those of all variants are let pass.
  var isUndetermined = false
  /// What was answered.
  private var answers: [String: (value: JSONValue, role: KeyRole)] = [:]
  /// Whether a key other than a selector was there, or took a default that depends on other things: then the selector does not
  /// say everything.
  private(set) var hasOwnValues = false
  /// What was asked for, when describing.
  var description = SectionDescription()

  init(_ members: [String: JSONValue]?, path: ConfigurationPath, _ context: SectionContext) {
    self.members = members
    self.path = path
    self.context = context
  }

  var isDescribing: Bool { context.isDescribing }

  // MARK: The two ways to run a declaration

  /// Reads a document with a declaration.
  ///
  /// - Parameters:
  ///   - value: the document, which is reported if it is not an object.
  ///   - path: where the document stands in a larger one.
  ///   - directory: what paths are relative to.
  ///   - issues: receives everything that is wrong.
  ///   - declaration: the declaration, which is run once, and once more to describe it if the document has a key that it does
  ///     not ask for.
  /// - Returns: What the declaration made, and the resolved document. Neither is of use if there are issues.
  public static func read<Result>(
    _ value: JSONValue, at path: ConfigurationPath = .root,
    relativeTo directory: URL = URL(fileURLWithPath: "", isDirectory: true), issues: IssueCollector,
    as declaration: @escaping (Section) -> Result?
  ) -> (result: Result?, resolved: JSONValue) {
    let context = SectionContext(
      root: path, directory: directory, issues: issues, isDescribing: false, describe: { describe(declaration) })
    var members: [String: JSONValue]?
    if case .object(let object) = value {
      members = object
    } else {
      issues.report(path, "must be an object, found \(value.summary)")
    }
    let section = Section(members, path: path, context)
    let result = declaration(section)
    section.finish()
    return (result, section.resolved)
  }

  /// Runs a declaration without a document, to learn what it asks for.
  public static func describe<Result>(_ declaration: (Section) -> Result?) -> SectionDescription {
    let context = SectionContext(
      root: .root, directory: URL(fileURLWithPath: "/", isDirectory: true), issues: IssueCollector(),
      isDescribing: true,
      describe: { SectionDescription() })
    let section = Section(nil, path: .root, context)
    _ = declaration(section)
    return section.description
  }

  /// The place that a path of a configuration means: an absolute path itself, another one relative to a folder.
  public static func resolve(_ path: String, in directory: URL) -> URL {
    path.hasPrefix("/") ? URL(fileURLWithPath: path) : directory.appendingPathComponent(path).standardizedFileURL
  }

  // MARK: Values

  /// A key that has to be there; nil after reporting an issue.
  public func required<Value>(
    _ key: String, _ domain: Domain<Value>, help: String, role: KeyRole? = nil
  ) -> Value? {
    if record(key, domain, .required, help: help, role: role) { return domain.placeholder }
    return requiredValue(key).flatMap { read($0, key, domain, role) }
  }

  /// A key that may be left out: its value, or the default if it is absent or after reporting an issue.
  ///
  /// - Parameter defaultWords: what the default is, where it depends on other things: "the batch size, at most 256".
  public func value<Value>(
    _ key: String, _ domain: Domain<Value>, default standard: Value, _ defaultWords: String? = nil, help: String,
    role: KeyRole? = nil
  ) -> Value {
    let written = domain.write(standard, context.directory)
    let presence = defaultWords.map { KeyDescription.Presence.depends($0) } ?? .standard(written)
    if record(key, domain, presence, help: help, role: role) { return standard }
    if defaultWords != nil { hasOwnValues = true }
    // A default that depends on other things is checked as a value is.
    if let value = presentValue(key) ?? defaultWords.map({ _ in written }) {
      return read(value, key, domain, role) ?? standard
    }
    answer(key, written, role ?? domain.role)
    return standard
  }

  /// A key that may be left out and has no default; nil if it is absent or after reporting an issue.
  ///
  /// - Parameter absence: what it means if the key is left out.
  public func optional<Value>(
    _ key: String, _ domain: Domain<Value>, absence: String = "none", help: String, role: KeyRole? = nil
  ) -> Value? {
    if record(key, domain, .depends(absence), help: help, role: role) { return nil }
    return presentValue(key).flatMap { read($0, key, domain, role) }
  }

  /// Reports an issue with the value of a key.
  public func report(_ key: String, _ message: @autoclosure () -> String) {
    issues.report(path.appending(key: key), message())
  }

  // MARK: The resolved section

  /// What was answered so far, but for keys of some roles.
  public func resolved(leavingOut roles: Set<KeyRole> = []) -> JSONValue {
    .object(answers.filter { !roles.contains($0.value.role) }.mapValues(\.value))
  }

  var resolved: JSONValue { resolved() }

  /// What was answered to a key, in the resolved form; nil if it was not asked for, or is absent.
  public func answered(_ key: String) -> JSONValue? { answers[key]?.value }

  /// Notes the value of a key for the resolved section.
  func answer(_ key: String, _ value: JSONValue, _ role: KeyRole) {
    if role != .transient { answers[key] = (value, role) }
  }

  // MARK: Reading one value

  /// The value of a key that has to be there; nil after reporting that it is not.
  func requiredValue(_ key: String) -> JSONValue? {
    let value = presentValue(key)
    if value == nil, members != nil { report(key, "is required") }
    return value
  }

  /// The value of a key, nil if it is absent; `null` is a value, and a wrong one.
  func presentValue(_ key: String, isSelector: Bool = false) -> JSONValue? {
    readKeys.insert(key)
    let value = members?[key]
    if value != nil && !isSelector { hasOwnValues = true }
    return value
  }

  func read<Value>(_ value: JSONValue, _ key: String, _ domain: Domain<Value>, _ role: KeyRole?) -> Value? {
    let place = ConfigurationPlace(path: path.appending(key: key), issues: issues)
    guard let result = domain.read(value, place) else { return nil }
    answer(key, domain.write(result, context.directory), role ?? domain.role)
    return result
  }

  /// Notes a question when describing.
  ///
  /// - Returns: false when reading.
  private func record<Value>(
    _ key: String, _ domain: Domain<Value>, _ presence: KeyDescription.Presence, help: String, role: KeyRole?
  ) -> Bool {
    record(
      KeyDescription(
        name: key, help: help, role: role ?? domain.role, presence: presence, content: .value(domain.description)))
  }

  func record(_ key: @autoclosure () -> KeyDescription) -> Bool {
    if isDescribing { description.items.append(.key(key())) }
    return isDescribing
  }
}

/// What all sections of one document share.
final class SectionContext {
  let root: ConfigurationPath
  let directory: URL
  let issues: IssueCollector
  let isDescribing: Bool
  private let describe: () -> SectionDescription
  /// What the whole document may hold; asked for only where it has something else.
  private(set) lazy var description = describe()

  init(
    root: ConfigurationPath, directory: URL, issues: IssueCollector, isDescribing: Bool,
    describe: @escaping () -> SectionDescription
  ) {
    self.root = root
    self.directory = directory
    self.issues = issues
    self.isDescribing = isDescribing
    self.describe = describe
  }
}
