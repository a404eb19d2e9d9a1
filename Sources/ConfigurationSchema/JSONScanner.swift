/// Walks the text of a JSON document and makes no values: it finds the first syntax error with its place, and every
/// key that is written more than once in one object.
///
/// A configuration with two `"units"` keys is a trap, and a parser that keeps one of them silently springs it.
struct JSONScanner {
  /// The first thing in the text that is not JSON.
  struct SyntaxError: Error {
    /// The byte where it is.
    let offset: Int
    /// What was found there, and what is allowed.
    let message: String
  }

  /// Deeper documents are refused, so that recursion over a tree cannot exhaust a thread's stack.
  static let maximumDepth = 128

  /// One issue for every repetition of a key, in the order of the text, as far as anybody reads them.
  private(set) var duplicates: [ConfigurationIssue] = []
  /// How many more there are.
  private(set) var omittedDuplicates = 0

  let bytes: [UInt8]
  var position = 0
  private var path: [ConfigurationPath.Component] = []
  /// The line of `position`, counted from 1; lines end outside of strings only.
  private var line = 1

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  /// Scans the whole text, which must hold exactly one value.
  mutating func scanDocument() throws(SyntaxError) {
    try checkEncoding()
    try skipSpace()
    guard position < bytes.count else {
      throw SyntaxError(offset: 0, message: "the file is empty; a configuration is a JSON object")
    }
    try scanValue()
    try skipSpace()
    guard position == bytes.count else {
      throw unexpected("the end of the file")
    }
  }

  private func checkEncoding() throws(SyntaxError) {
    guard String(validating: bytes, as: UTF8.self) == nil else { return }
    var iterator = bytes.makeIterator()
    var decoder = UTF8()
    var offset = 0
    while case .scalarValue(let scalar) = decoder.decode(&iterator) {
      offset += UTF8.width(scalar)
    }
    throw SyntaxError(offset: offset, message: "the file is not UTF-8 text; save it in the encoding UTF-8")
  }

  // MARK: Values

  private mutating func scanValue() throws(SyntaxError) {
    guard position < bytes.count else { throw unexpected("a value") }
    switch bytes[position] {
    case UInt8(ascii: "{"): try scanObject()
    case UInt8(ascii: "["): try scanArray()
    case UInt8(ascii: "\""): try scanString()
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."):
      try scanNumber()
    default: try scanLiteral()
    }
  }

  private mutating func scanObject() throws(SyntaxError) {
    try enter()
    var firstLines: [String: Int] = [:]
    while try !atEnd(of: "}", expecting: "a key in double quotes", isFirst: firstLines.isEmpty) {
      guard position < bytes.count, bytes[position] == UInt8(ascii: "\"") else {
        throw unexpected("a key in double quotes")
      }
      let key = try scanString()
      path.append(.key(key))
      if let first = firstLines[key] {
        reportDuplicate(first: first, second: line)
      } else {
        firstLines[key] = line
      }
      try skipSpace()
      guard skip(":") else { throw unexpected("':' after the key") }
      try skipSpace()
      try scanValue()
      path.removeLast()
    }
  }

  private mutating func scanArray() throws(SyntaxError) {
    try enter()
    var index = 0
    while try !atEnd(of: "]", expecting: "a value", isFirst: index == 0) {
      path.append(.index(index))
      try scanValue()
      path.removeLast()
      index += 1
    }
  }

  /// Steps over the opening bracket. The path has one component for every object and list that is open.
  private mutating func enter() throws(SyntaxError) {
    guard path.count < Self.maximumDepth else {
      throw SyntaxError(offset: position, message: "nested more than \(Self.maximumDepth) levels deep")
    }
    position += 1
  }

  /// Steps over what separates elements; true after the closing bracket, false in front of the next element.
  private mutating func atEnd(
    of close: Unicode.Scalar, expecting element: String, isFirst: Bool
  ) throws(SyntaxError) -> Bool {
    try skipSpace()
    if skip(close) { return true }
    if isFirst {
      guard position < bytes.count else { throw unexpected("\(element) or '\(close)'") }
      return false
    }
    let comma = position
    guard skip(",") else { throw unexpected("',' or '\(close)'") }
    try skipSpace()
    if skip(close) {
      throw SyntaxError(offset: comma, message: "found ',' before '\(close)'; JSON has no trailing commas")
    }
    return false
  }

  private mutating func reportDuplicate(first: Int, second: Int) {
    guard duplicates.count < IssueCollector.limit else {
      omittedDuplicates += 1
      return
    }
    let place = first == second ? "both on line \(first)" : "on line \(first) and on line \(second)"
    duplicates.append(
      ConfigurationIssue(path: ConfigurationPath(components: path), message: "is written twice, \(place)"))
  }

  // MARK: Space

  /// Skips white space. A comment is looked for here, because this is where people write them.
  private mutating func skipSpace() throws(SyntaxError) {
    while position < bytes.count, Self.isSpace(bytes[position]) {
      // As `SourceLocation` counts: a line ends with LF, with CR LF, or with a CR alone.
      let isEnd = bytes[position] == 0x0A || bytes[position] == 0x0D && !bytes[(position + 1)...].starts(with: [0x0A])
      if isEnd { line += 1 }
      position += 1
    }
    if position < bytes.count, bytes[position] == UInt8(ascii: "/") || bytes[position] == UInt8(ascii: "#") {
      throw SyntaxError(offset: position, message: "found a comment; JSON has no comments")
    }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
  }

  private mutating func skip(_ scalar: Unicode.Scalar) -> Bool {
    guard position < bytes.count, bytes[position] == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }
}
