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

/// A reader of an object given as text, and what it has reported so far.
struct Reading {
  let issues = IssueCollector()
  let reader: ObjectReader

  init(_ text: String, path: ConfigurationPath = .root) throws {
    reader = ObjectReader(try parse(text), path: path, issues: issues)
  }

  /// Every issue as "path: message".
  var messages: [String] { issues.issues.map(\.description) }
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
