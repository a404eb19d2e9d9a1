/// The tokens: strings, numbers, literals, and the words for one that is wrong.
extension JSONScanner {
  // MARK: Strings

  /// Scans a string from its opening quote on.
  ///
  /// - Returns: The string, with its escapes resolved: two spellings of one key are the same key.
  @discardableResult
  mutating func scanString() throws(SyntaxError) -> String {
    let start = position
    position += 1
    var content: [UInt8] = []
    while true {
      guard position < bytes.count, bytes[position] != 0x0A, bytes[position] != 0x0D else {
        throw SyntaxError(offset: start, message: "the string that starts here has no closing quote on its line")
      }
      let byte = bytes[position]
      switch byte {
      case UInt8(ascii: "\""):
        position += 1
        return String(decoding: content, as: UTF8.self)
      case UInt8(ascii: "\\"):
        let scalar = try scanEscape(inStringAt: start)
        content.append(contentsOf: Array(String(scalar).utf8))
      case 0..<0x20:
        throw SyntaxError(offset: position, message: "found \(Self.controlName(byte)) in a string; escape it")
      default:
        content.append(byte)
        position += 1
      }
    }
  }

  private mutating func scanEscape(inStringAt start: Int) throws(SyntaxError) -> Unicode.Scalar {
    let escape = position
    position += 2
    guard escape + 1 < bytes.count else {
      throw SyntaxError(offset: start, message: "the string that starts here has no closing quote on its line")
    }
    switch Unicode.Scalar(bytes[escape + 1]) {
    case "\"": return "\""
    case "\\": return "\\"
    case "/": return "/"
    case "b": return "\u{08}"
    case "f": return "\u{0C}"
    case "n": return "\n"
    case "r": return "\r"
    case "t": return "\t"
    case "u": return try scanUnicodeEscape(at: escape)
    default:
      position = escape + 1
      throw SyntaxError(
        offset: escape, message: "found \\ before \(found); in a string, a backslash is written \\\\")
    }
  }

  /// Scans the four digits of `\uXXXX`, and the second half of a surrogate pair.
  private mutating func scanUnicodeEscape(at escape: Int) throws(SyntaxError) -> Unicode.Scalar {
    let first = try scanFourHexDigits(at: escape)
    if let scalar = Unicode.Scalar(first) { return scalar }
    if (0xD800..<0xDC00).contains(first), bytes[position...].starts(with: Array("\\u".utf8)) {
      position += 2
      let second = try scanFourHexDigits(at: escape)
      if (0xDC00..<0xE000).contains(second) {
        let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
        if let scalar = Unicode.Scalar(value) { return scalar }
      }
    }
    throw SyntaxError(offset: escape, message: "found half of a surrogate pair, which is no character")
  }

  private mutating func scanFourHexDigits(at escape: Int) throws(SyntaxError) -> UInt16 {
    let digits = bytes[min(position, bytes.count)..<min(position + 4, bytes.count)]
    guard digits.count == 4, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
      let value = UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    else {
      throw SyntaxError(offset: escape, message: "\\u takes four hexadecimal digits, as in \\u00e9")
    }
    position += 4
    return value
  }

  // MARK: Numbers and literals

  mutating func scanNumber() throws(SyntaxError) {
    let start = position
    position = endOfToken(from: start)
    let token = bytes[start..<position]
    guard Self.isNumber(token) else {
      if isNotANumber(token) { throw noSuchNumber(token, at: start) }
      throw SyntaxError(offset: start, message: "found \(quoted(token)), which is not a JSON number")
    }
    // Only a token with an exponent or of many digits can leave the range of Double; the others need no conversion.
    let isExponent = { (byte: UInt8) in byte | 0x20 == UInt8(ascii: "e") }
    if token.count > 300 || token.contains(where: isExponent),
      let value = Double(String(decoding: token, as: UTF8.self))
    {
      let isZero = !token.prefix { !isExponent($0) }.contains { (UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
      if !value.isFinite || (value == 0 && !isZero) {
        let size = value == 0 ? "small" : "large"
        throw SyntaxError(offset: start, message: "found \(quoted(token)), which is too \(size) for a number")
      }
    }
  }

  /// The grammar of RFC 8259: `-? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?`.
  private static func isNumber(_ token: ArraySlice<UInt8>) -> Bool {
    var rest = token
    func skip(_ scalars: Unicode.Scalar...) -> Bool {
      guard let first = rest.first, scalars.contains(Unicode.Scalar(first)) else { return false }
      rest.removeFirst()
      return true
    }
    func skipDigits() -> Bool {
      let digits = rest.prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
      rest.removeFirst(digits.count)
      return !digits.isEmpty
    }
    _ = skip("-")
    guard skip("0") || skipDigits() else { return false }
    if skip("."), !skipDigits() { return false }
    if skip("e", "E") {
      _ = skip("+", "-")
      guard skipDigits() else { return false }
    }
    return rest.isEmpty
  }

  mutating func scanLiteral() throws(SyntaxError) {
    let start = position
    let token = bytes[start..<endOfToken(from: start)]
    let word = String(decoding: token, as: UTF8.self)
    let literals = ["true", "false", "null"]
    if literals.contains(word) {
      position = token.endIndex
      return
    }
    if isNotANumber(token) { throw noSuchNumber(token, at: start) }
    let suggestion = nearest(to: word, among: literals).map { "; did you mean \($0)?" }
    let hint = token.isEmpty ? "" : "; a string is written in double quotes"
    throw SyntaxError(offset: start, message: "found \(found), expected a value" + (suggestion ?? hint))
  }

  private func isNotANumber(_ token: ArraySlice<UInt8>) -> Bool {
    let word = String(decoding: token, as: UTF8.self).lowercased().drop { $0 == "-" || $0 == "+" }
    return ["nan", "inf", "infinity"].contains(word)
  }

  private func noSuchNumber(_ token: ArraySlice<UInt8>, at offset: Int) -> SyntaxError {
    SyntaxError(offset: offset, message: "found \(quoted(token)); JSON has only finite numbers")
  }

  // MARK: What was found

  /// The error for something else than what has to stand at the current position.
  func unexpected(_ expectation: String) -> SyntaxError {
    SyntaxError(offset: position, message: "found \(found), expected \(expectation)")
  }

  /// The word or the character at the current position, for a message.
  private var found: String {
    guard position < bytes.count else { return "the end of the file" }
    let end = endOfToken(from: position)
    if end > position { return quoted(bytes[position..<end]) }
    switch bytes[position] {
    case UInt8(ascii: "\""): return "a string"
    case UInt8(ascii: "'"): return "a single quote"
    case 0..<0x20, 0x7F: return Self.controlName(bytes[position])
    default: return quoted(bytes[position...position])
    }
  }

  /// The end of the run of letters, digits and signs that a reader takes for one word. Everything outside ASCII
  /// counts as a letter, so a word never ends inside of a character.
  private func endOfToken(from start: Int) -> Int {
    let end = bytes[start...].firstIndex { byte in
      switch byte {
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
        UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...:
        false
      default: !"+-._".utf8.contains(byte)
      }
    }
    return end ?? bytes.count
  }

  private func quoted(_ token: ArraySlice<UInt8>) -> String {
    JSONValue.string(String(decoding: token, as: UTF8.self)).summary
  }

  private static func controlName(_ byte: UInt8) -> String {
    "the control character U+00" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16, uppercase: true)
  }
}
