extension JSONValue {
  /// The document for people: sorted keys, two spaces a level, a trailing newline.
  ///
  /// Numbers have the fewest digits that read back as the same value. A list of scalars that fits on a line stays on
  /// one. Equal trees have equal text, so files can be compared byte by byte.
  public var text: String {
    var result = ""
    writeText(to: &result, indentation: 0, prefixLength: 0)
    return result + "\n"
  }

  /// The document for programs: one line with sorted keys and no white space, as a line of `metrics.jsonl` is.
  /// A number that is not finite becomes `null`, because JSON has no other word for it.
  public var compactText: String {
    switch self {
    case .array(let elements):
      return "[" + elements.map(\.compactText).joined(separator: ",") + "]"
    case .object(let members):
      let texts = members.sorted { $0.key < $1.key }.map { Self.quoted($0.key) + ":" + $0.value.compactText }
      return "{" + texts.joined(separator: ",") + "}"
    default:
      return scalarText
    }
  }

  /// Lists of scalars up to this many columns, with their indentation and key, stay on one line.
  private static let lineLength = 100

  private func writeText(to result: inout String, indentation: Int, prefixLength: Int) {
    let inner = String(repeating: " ", count: indentation + 2)
    let outer = String(repeating: " ", count: indentation)
    switch self {
    case .array(let elements) where !elements.isEmpty:
      if let line = Self.line(of: elements, fitting: Self.lineLength - indentation - prefixLength) {
        result += line
        return
      }
      var separator = "[\n"
      for element in elements {
        result += separator + inner
        element.writeText(to: &result, indentation: indentation + 2, prefixLength: 0)
        separator = ",\n"
      }
      result += "\n" + outer + "]"
    case .object(let members) where !members.isEmpty:
      var separator = "{\n"
      for (key, value) in members.sorted(by: { $0.key < $1.key }) {
        let prefix = Self.quoted(key) + ": "
        result += separator + inner + prefix
        value.writeText(to: &result, indentation: indentation + 2, prefixLength: prefix.count)
        separator = ",\n"
      }
      result += "\n" + outer + "}"
    default:
      result += compactText
    }
  }

  /// The list on one line; nil if it holds a list or an object, or is too long.
  private static func line(of elements: [JSONValue], fitting columns: Int) -> String? {
    // Every element takes three columns with its separator, so a long list is refused before it is written.
    guard elements.count * 3 <= columns, !elements.contains(where: \.isContainer) else { return nil }
    let line = "[" + elements.map(\.scalarText).joined(separator: ", ") + "]"
    return line.count <= columns ? line : nil
  }

  private var isContainer: Bool {
    switch self {
    case .array, .object: true
    default: false
    }
  }

  /// The text of a value that is neither a list nor an object; the empty ones for those.
  var scalarText: String {
    switch self {
    case .null: "null"
    case .bool(let bool): bool ? "true" : "false"
    case .integer(let integer): String(integer)
    case .number(let number): Self.numberText(number)
    case .string(let string): Self.quoted(string)
    case .array: "[]"
    case .object: "{}"
    }
  }

  /// Swift's description is the shortest that reads back as the same value. Its ".0", and the "+" and the zeros of
  /// its exponent, are left out: 1, 1e-7, 1e20. Negative zero keeps its ".0", to stay a number that is not whole.
  private static func numberText(_ number: Double) -> String {
    guard number.isFinite else { return "null" }
    let description = number.description
    if number == 0 { return number.sign == .minus ? "-0.0" : "0" }
    let parts = description.split(separator: "e")
    let mantissa = parts[0].hasSuffix(".0") ? parts[0].dropLast(2) : parts[0]
    guard parts.count == 2, let exponent = Int(parts[1]) else { return String(mantissa) }
    return "\(mantissa)e\(exponent)"
  }

  /// A JSON string. Only what must be escaped is: quotes, backslashes and control characters.
  private static func quoted(_ string: String) -> String {
    var result = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case "\u{00}"..."\u{1F}", "\u{7F}"..."\u{9F}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
