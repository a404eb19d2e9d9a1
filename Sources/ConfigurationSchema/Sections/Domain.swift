import Foundation

/// The values that a key may have: how one is read, how it stands in the resolved configuration, and how it is described.
///
/// The usual ones are static members: `.integer(in: 1...9)`, `.path`, `.choice(of: LossKind.self)`. A room that has a kind of
/// value of its own makes a domain beside the type of its values.
public struct Domain<Value> {
  /// What the values are, for the schema and the reference.
  public let description: DomainDescription
  /// Any value of the domain, for reading a section that is only described.
  let placeholder: Value
  /// The role of a key with this domain that names no other.
  let role: KeyRole
  /// Reads a value, or reports what is wrong with it and returns nil.
  let read: (JSONValue, ConfigurationPlace) -> Value?
  /// The value in the resolved configuration, whose paths were relative to a folder.
  let write: (Value, URL) -> JSONValue

  /// A domain.
  ///
  /// - Parameters:
  ///   - words: what the values are, as it reads after "must be": "a whole number from 1 to 9".
  ///   - schema: the keywords of JSON Schema that say the same.
  ///   - placeholder: any value of the domain.
  ///   - read: reads a value, or reports what is wrong with it and returns nil.
  ///   - write: the value as it stands in the resolved configuration; `read` must give the same value again.
  public init(
    _ words: String, schema: [String: JSONValue], placeholder: Value,
    read: @escaping (JSONValue, ConfigurationPlace) -> Value?, write: @escaping (Value) -> JSONValue
  ) {
    self.init(
      DomainDescription(words: words, schema: schema), placeholder: placeholder, read: read
    ) { value, _ in write(value) }
  }

  /// A domain with a description by its parts.
  public init(
    _ description: DomainDescription, placeholder: Value,
    read: @escaping (JSONValue, ConfigurationPlace) -> Value?, write: @escaping (Value) -> JSONValue
  ) {
    self.init(description, placeholder: placeholder, read: read) { value, _ in write(value) }
  }

  init(
    _ description: DomainDescription, placeholder: Value, role: KeyRole = .arithmetic,
    read: @escaping (JSONValue, ConfigurationPlace) -> Value?, write: @escaping (Value, URL) -> JSONValue
  ) {
    self.description = description
    self.placeholder = placeholder
    self.role = role
    self.read = read
    self.write = write
  }

  /// Reads a value, or reports what is wrong with it and returns nil: for domains that build on this one.
  public func value(of json: JSONValue, at place: ConfigurationPlace) -> Value? { read(json, place) }
}

/// What the values of a domain are.
public struct DomainDescription: Sendable, Equatable {
  /// A name of a catalogue.
  public struct Choice: Sendable, Equatable {
    /// The name.
    public let name: String
    /// What it means.
    public let help: String

    /// A name and what it means.
    public init(name: String, help: String) {
      self.name = name
      self.help = help
    }
  }

  /// The values in words, as it reads after "must be".
  public let words: String
  /// The keywords of JSON Schema that say the same.
  public let schema: [String: JSONValue]
  /// The names of a catalogue; empty where the values are something else.
  public let choices: [Choice]
  /// Whether the values are lists, of those names if there are any.
  public let isList: Bool

  /// A description by its parts.
  public init(words: String, schema: [String: JSONValue], choices: [Choice] = [], isList: Bool = false) {
    self.words = words
    self.schema = schema
    self.choices = choices
    self.isList = isList
  }
}

/// The place of a value that is being read, and where to report what is wrong with it.
public struct ConfigurationPlace {
  /// The place.
  public let path: ConfigurationPath
  let issues: IssueCollector

  /// Reports what is wrong with the value at this place.
  public func report(_ message: @autoclosure () -> String) {
    issues.report(path, message())
  }

  /// The place of a member of the object at this place.
  public subscript(key key: String) -> Self { Self(path: path.appending(key: key), issues: issues) }

  /// The place of an element of the list at this place.
  public subscript(index: Int) -> Self { Self(path: path.appending(index: index), issues: issues) }
}
