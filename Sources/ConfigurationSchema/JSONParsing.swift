import Foundation

extension JSONValue {
  /// Reads a JSON document, strictly as RFC 8259 has it, except that a leading byte order mark is skipped.
  ///
  /// `JSONScanner` walks the text first, because Foundation neither says reliably where an error is nor notices a
  /// key that is written twice. Foundation's decoder then makes the values.
  ///
  /// - Parameters:
  ///   - data: The content of the file.
  ///   - file: The name of the file, for the error.
  /// - Throws: A `ConfigurationError` with one issue for the first syntax error, or an issue for every repeated key.
  public init(parsing data: Data, file: String) throws(ConfigurationError) {
    let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let bytes = [UInt8](data.starts(with: byteOrderMark) ? data.dropFirst(byteOrderMark.count) : data)

    var scanner = JSONScanner(bytes)
    do throws(JSONScanner.SyntaxError) {
      try scanner.scanDocument()
    } catch {
      let location = SourceLocation(offset: error.offset, in: bytes)
      throw ConfigurationError(
        file: file, issues: [ConfigurationIssue(path: .root, message: error.message, location: location)])
    }
    guard scanner.duplicates.isEmpty else {
      throw ConfigurationError(file: file, issues: scanner.duplicates, omitted: scanner.omittedDuplicates)
    }

    do {
      self = try JSONDecoder().decode(DecodedValue.self, from: Data(bytes)).value
    } catch {
      // The scanner let something pass that Foundation refuses; a sentence without a place is better than none.
      throw ConfigurationError(
        file: file, issues: [ConfigurationIssue(path: .root, message: "is not valid JSON: \(error)")])
    }
  }

  /// Reads the value of `--set KEY=VALUE`: JSON where the text is JSON, otherwise the text itself as a string, so that
  /// nobody has to quote a string twice for a shell.
  public init(parsingOverride text: String) {
    do throws(ConfigurationError) {
      self = try JSONValue(parsing: Data(text.utf8), file: "")
    } catch {
      self = .string(text)
    }
  }
}

/// The bridge from Foundation's decoder to a tree of `JSONValue`.
private struct DecodedValue: Decodable {
  let value: JSONValue

  private struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  init(from decoder: any Decoder) throws {
    // Only the choice of the kind may fail quietly; an error inside a list or an object is thrown on.
    if let scalar = Self.scalar(try decoder.singleValueContainer()) {
      value = scalar
    } else if var list = try? decoder.unkeyedContainer() {
      var elements: [JSONValue] = []
      elements.reserveCapacity(list.count ?? 0)
      while !list.isAtEnd {
        elements.append(try list.decode(DecodedValue.self).value)
      }
      value = .array(elements)
    } else {
      let container = try decoder.container(keyedBy: Key.self)
      var members: [String: JSONValue] = [:]
      for key in container.allKeys {
        members[key.stringValue] = try container.decode(DecodedValue.self, forKey: key).value
      }
      value = .object(members)
    }
  }

  /// Numbers come first because long lists are lists of numbers, and every wrong guess costs a thrown error.
  private static func scalar(_ container: any SingleValueDecodingContainer) -> JSONValue? {
    if let double = try? container.decode(Double.self) {
      return number(double) { try? container.decode(Int.self) }
    }
    if let string = try? container.decode(String.self) { return .string(string) }
    if let bool = try? container.decode(Bool.self) { return .bool(bool) }
    return container.decodeNil() ? .null : nil
  }

  /// Beyond 2^53 a `Double` no longer holds every whole number, so the decoder is asked for the `Int` itself.
  private static func number(_ double: Double, exactInteger: () -> Int?) -> JSONValue {
    if double == 0 && double.sign == .minus { return .number(double) }
    guard let rounded = Int(exactly: double) else {
      // Near 2^63 the nearest Double may be out of range where the number itself is not: Int.max is such a number.
      return abs(double) < 0x1p53 ? .number(double) : exactInteger().map(JSONValue.integer) ?? .number(double)
    }
    return abs(double) < 0x1p53 ? .integer(rounded) : .integer(exactInteger() ?? rounded)
  }
}
