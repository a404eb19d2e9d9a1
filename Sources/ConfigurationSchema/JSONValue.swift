/// A JSON document as a tree, the common currency between a configuration file, `--set` and the files a run writes.
///
/// Whole numbers that fit `Int` are kept apart from other numbers, so that a seed survives without passing through
/// `Double`. The text `1.0` is the whole number 1; `-0.0` stays a `number`, because `Int` has no negative zero.
public enum JSONValue: Sendable, Equatable {
  /// `null`.
  case null
  /// `true` or `false`.
  case bool(Bool)
  /// A number without a fractional part that fits `Int`.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// A string.
  case string(String)
  /// A list, in order.
  case array([JSONValue])
  /// An object; the order of its keys is not kept, and everything that prints one sorts them.
  case object([String: JSONValue])

  /// What kind of value this is, as a noun for messages: "a number", "a list".
  public var kindName: String {
    switch self {
    case .null: "null"
    case .bool: "true or false"
    case .integer, .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }

  /// What a message says was found: a scalar itself, or the kind of a list or an object.
  ///
  /// Strings are cut off after 40 characters, and their control characters are escaped, so that a message stays on one
  /// line and cannot steer a terminal.
  public var summary: String {
    switch self {
    case .number(let number) where !number.isFinite:
      return "\(number)"
    case .null, .bool, .integer, .number:
      return scalarText
    case .string(let string):
      let start = String(string.prefix(41))
      let hasControl = start.unicodeScalars.contains { $0.properties.generalCategory == .control }
      let visible = hasControl ? String(JSONValue.string(start).scalarText.dropFirst().dropLast()) : start
      return start.count > 40 ? "'\(visible.prefix(37))...'" : "'\(visible)'"
    case .array(let elements):
      return elements.isEmpty ? "an empty list" : kindName
    case .object:
      return kindName
    }
  }
}

// Trees in source text: `["type": "integer", "minimum": 1]`.
extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByFloatLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
  /// A string.
  public init(stringLiteral value: String) { self = .string(value) }
  /// `true` or `false`.
  public init(booleanLiteral value: Bool) { self = .bool(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .integer(value) }
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A list.
  public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
  /// An object; of a key that is written twice, the last value counts.
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self = .object(Dictionary(elements) { $1 })
  }
}
