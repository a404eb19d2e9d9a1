import Foundation

@testable import ConfigurationSchema

/// The tree of a text that has to be right.
func parse(_ text: String) throws -> JSONValue {
  try JSONValue(parsing: Data(text.utf8), file: "test.json")
}

/// The error of a text that has to be wrong; nil if it parses.
func parsingError(_ text: String) -> ConfigurationError? {
  parsingError(Data(text.utf8))
}

/// The error of a file that has to be wrong; nil if it parses.
func parsingError(_ data: Data) -> ConfigurationError? {
  do throws(ConfigurationError) {
    _ = try JSONValue(parsing: data, file: "test.json")
    return nil
  } catch {
    return error
  }
}

/// What a declaration makes of a document given as text, and what it reports.
struct Reading<Result> {
  let result: Result?
  let resolved: JSONValue
  /// Every issue as "path: message".
  let messages: [String]

  init(_ text: String, at path: ConfigurationPath = .root, _ declaration: @escaping (Section) -> Result?) throws {
    try self.init(parse(text), at: path, declaration)
  }

  init(_ value: JSONValue, at path: ConfigurationPath = .root, _ declaration: @escaping (Section) -> Result?) {
    let issues = IssueCollector()
    let directory = URL(fileURLWithPath: "/home/x", isDirectory: true)
    (result, resolved) = Section.read(value, at: path, relativeTo: directory, issues: issues, as: declaration)
    messages = issues.issues.map(\.description)
  }
}

extension Section {
  /// The questions of these tests need no help.
  func required<Value>(_ key: String, _ domain: Domain<Value>) -> Value? { required(key, domain, help: "a key") }
  func value<Value>(_ key: String, _ domain: Domain<Value>, default standard: Value) -> Value {
    value(key, domain, default: standard, help: "a key")
  }
  func optional<Value>(_ key: String, _ domain: Domain<Value>) -> Value? { optional(key, domain, help: "a key") }
}

enum Activation: String, Catalogue {
  case identity, sigmoid, relu

  var help: String { "the \(rawValue)" }
}

/// A fixed sequence of numbers (SplitMix64), so that a failing property fails again.
struct FixedGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
