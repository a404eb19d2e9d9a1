/// Walks over the bytes of a CSV file, cell by cell (RFC 4180).
///
/// A quoted cell may hold delimiters, line breaks, and `""` for a quote. Spaces and tabs around a cell are not part of it
/// unless they are quoted. A line ends with LF, CR LF or CR.
struct CSVScanner {
  /// The content of a cell.
  struct Cell {
    /// Its bytes, without the quotes around them.
    let range: Range<Int>
    /// Whether the bytes contain `""`, which stands for `"`.
    let hasEscapes: Bool
  }

  /// What makes a cell unreadable.
  enum Fault: Error {
    case unterminatedQuote(line: Int)
    case textAfterQuote(line: Int)
  }

  /// What separates the cells of a line.
  let delimiter: UInt8
  /// The next byte.
  private(set) var position = 0
  /// The line of the next byte, counted from 1.
  private(set) var line = 1
  /// Whether the cell read last was the last one of its row: a line break or the end of the file stood behind it.
  private(set) var isRowComplete = true

  init(delimiter: UInt8) {
    self.delimiter = delimiter
  }

  /// Goes on in other bytes, which begin with those from the position on.
  mutating func continueInRest() { position = 0 }

  /// Passes a UTF-8 byte order mark.
  mutating func skipByteOrderMark(in bytes: Span<UInt8>) {
    if bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF { position = 3 }
  }

  /// Whether nothing but line breaks is left; passes them.
  mutating func isAtEnd(of bytes: Span<UInt8>) -> Bool {
    guard position < bytes.count else { return true }
    guard isLineBreak(bytes[position]) else { return false }
    var rest = self
    while rest.position < bytes.count {
      guard isLineBreak(bytes[rest.position]) else { return false }
      rest.passLineBreak(in: bytes)
    }
    self = rest
    return true
  }

  /// Whether the next line is empty.
  func isAtBlankLine(in bytes: Span<UInt8>) -> Bool {
    position < bytes.count && isLineBreak(bytes[position])
  }
}

// MARK: - Numbers

extension CSVScanner {
  /// Reads a cell that holds a plain decimal number, in one pass; or returns nil and stays where it was.
  ///
  /// The digits make an integer m < 2⁶⁴; the point and the exponent make a power of ten p ≤ 10²², which is exact as Double.
  /// So m · p or m / p in Double is rounded at most twice, and is less than two units in its last place from the number
  /// (after Clinger, *How to read floating point numbers accurately*, PLDI 1990). Rounding it to Float gives the nearest
  /// Float, unless the Double lies almost in the middle between two Floats, or in the range of subnormal Floats. Those, and
  /// all cells that are not plain numbers, are left to `cell(in:)` and `DecimalNumber`, which rounds once.
  @inline(__always)
  mutating func plainNumber(in bytes: Span<UInt8>) -> Float? {
    if let integer = shortInteger(in: bytes) { return integer }
    let end = bytes.count
    var i = position
    guard i < end else { return nil }
    let isNegative = bytes[i] == UInt8(ascii: "-")
    if isNegative { i &+= 1 }

    var mantissa: UInt64 = 0
    let first = i
    passDigits(in: bytes, at: &i, into: &mantissa)
    var digits = i &- first

    var exponent = 0
    if i < end && bytes[i] == UInt8(ascii: ".") {
      i &+= 1
      let firstDecimal = i
      passDigits(in: bytes, at: &i, into: &mantissa)
      exponent = firstDecimal &- i
      digits &-= exponent
    }
    // 19 digits cannot overflow, nor can a zero and 19 digits.
    guard digits > 0 && (digits <= 19 || digits == 20 && bytes[first] == UInt8(ascii: "0")) else { return nil }

    if i < end && bytes[i] | 0x20 == UInt8(ascii: "e") {
      i &+= 1
      guard i < end else { return nil }
      let isDown = bytes[i] == UInt8(ascii: "-")
      if isDown || bytes[i] == UInt8(ascii: "+") { i &+= 1 }
      var power: UInt64 = 0
      let firstDigit = i
      passDigits(in: bytes, at: &i, into: &power)
      guard i > firstDigit && i <= firstDigit &+ 3 else { return nil }
      exponent &+= isDown ? -Int(truncatingIfNeeded: power) : Int(truncatingIfNeeded: power)
    }
    guard exponent >= -22 && exponent <= 22 else { return nil }

    var double = Double(mantissa)
    if exponent < 0 {
      double /= powersOfTen[0 &- exponent]
    } else if exponent > 0 {
      double *= powersOfTen[exponent]
    }
    let float = Float(double)
    // 29 bits of the Double are beyond the Float: half a unit is their highest bit alone. Two units, and as many to spare.
    let isTie = double.bitPattern & 0x1FFF_FFFF &- 0x0FFF_FFFC <= 8
    let isNormal = mantissa == 0 || (float >= .leastNormalMagnitude && float.isFinite)
    guard isNormal && !isTie && endCell(in: bytes, at: i) else { return nil }
    return isNegative ? -float : float
  }

  /// Reads the most common cell of all, one to seven digits and a delimiter, which is exact as Float: eight bytes at once,
  /// without a branch that depends on how many digits there are.
  @inline(__always)
  private mutating func shortInteger(in bytes: Span<UInt8>) -> Float? {
    guard position &+ 8 <= bytes.count else { return nil }
    let text = UInt64(littleEndian: unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
    // The highest bit of the first byte that is the delimiter, and perhaps of later ones.
    let different = text ^ everyByte &* UInt64(delimiter)
    let ends = (different &- everyByte) & ~different & highestBits
    let length = ends.trailingZeroBitCount &>> 3
    guard ends != 0 && length > 0 else { return nil }
    // The digits as the last of eight, zeros before them.
    var value = (text ^ everyByte &* UInt64(UInt8(ascii: "0"))) &<< UInt64(64 &- 8 &* length)
    guard (value &+ everyByte &* 0x76 | value) & highestBits == 0 else { return nil }
    // Pairs of digits, fours, all.
    value = (value &* 10 &+ value &>> 8) & 0x00FF_00FF_00FF_00FF
    value = (value &* 100 &+ value &>> 16) & 0x0000_FFFF_0000_FFFF
    value = (value &* 10_000 &+ value &>> 32) & 0xFFFF_FFFF
    position &+= length &+ 1
    isRowComplete = false
    return Float(Int32(truncatingIfNeeded: value))
  }

  @inline(__always)
  private func passDigits(in bytes: Span<UInt8>, at i: inout Int, into value: inout UInt64) {
    let end = bytes.count
    while i < end {
      let digit = bytes[i] &- UInt8(ascii: "0")
      guard digit < 10 else { return }
      value = value &* 10 &+ UInt64(digit)
      i &+= 1
    }
  }
}

/// A one in every byte.
private let everyByte: UInt64 = 0x0101_0101_0101_0101
private let highestBits: UInt64 = 0x8080_8080_8080_8080

/// 10⁰ … 10²²: all exact as Double, because 5²² < 2⁵³.
private let powersOfTen: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
  1e21, 1e22,
]

// MARK: - Cells

extension CSVScanner {
  /// Reads the next cell, of any content.
  mutating func cell(in bytes: Span<UInt8>) throws(Fault) -> Cell {
    var i = position
    while i < bytes.count && isSpace(bytes[i]) { i += 1 }
    if i < bytes.count && bytes[i] == UInt8(ascii: "\"") { return try quotedCell(in: bytes, openedAt: i) }

    let start = i
    while i < bytes.count && bytes[i] != delimiter && !isLineBreak(bytes[i]) { i += 1 }
    var last = i
    while last > start && isSpace(bytes[last - 1]) { last -= 1 }
    _ = endCell(in: bytes, at: i)
    return Cell(range: start..<last, hasEscapes: false)
  }

  /// The text of a cell; what is not UTF-8 shows as a replacement character.
  func text(of cell: Cell, in bytes: Span<UInt8>) -> String {
    String(decoding: content(of: cell, in: bytes), as: UTF8.self)
  }

  /// The text of a cell; nil if it is not UTF-8.
  func validText(of cell: Cell, in bytes: Span<UInt8>) -> String? {
    String(validating: content(of: cell, in: bytes), as: UTF8.self)
  }

  private func content(of cell: Cell, in bytes: Span<UInt8>) -> [UInt8] {
    var utf8: [UInt8] = []
    utf8.reserveCapacity(cell.range.count)
    var i = cell.range.lowerBound
    while i < cell.range.upperBound {
      utf8.append(bytes[i])
      i += cell.hasEscapes && bytes[i] == UInt8(ascii: "\"") ? 2 : 1
    }
    return utf8
  }

  private mutating func quotedCell(in bytes: Span<UInt8>, openedAt quote: Int) throws(Fault) -> Cell {
    let firstLine = line
    position = quote + 1
    var hasEscapes = false
    while position < bytes.count {
      let byte = bytes[position]
      if isLineBreak(byte) {
        passLineBreak(in: bytes)
        continue
      }
      position += 1
      guard byte == UInt8(ascii: "\"") else { continue }
      if position < bytes.count && bytes[position] == UInt8(ascii: "\"") {
        hasEscapes = true
        position += 1
        continue
      }
      let content = quote + 1..<position - 1
      while position < bytes.count && isSpace(bytes[position]) { position += 1 }
      guard endCell(in: bytes, at: position) else { throw .textAfterQuote(line: line) }
      return Cell(range: content, hasEscapes: hasEscapes)
    }
    throw .unterminatedQuote(line: firstLine)
  }

  /// If a cell can end before byte `i`, passes what ends it; otherwise changes nothing.
  @inline(__always)
  private mutating func endCell(in bytes: Span<UInt8>, at i: Int) -> Bool {
    if i >= bytes.count {
      position = bytes.count
      isRowComplete = true
    } else if bytes[i] == delimiter {
      position = i &+ 1
      isRowComplete = false
    } else if isLineBreak(bytes[i]) {
      position = i
      passLineBreak(in: bytes)
      isRowComplete = true
    } else {
      return false
    }
    return true
  }

  @inline(__always)
  private func isLineBreak(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }

  @inline(__always)
  private func isSpace(_ byte: UInt8) -> Bool {
    (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")) && byte != delimiter
  }

  @inline(__always)
  private mutating func passLineBreak(in bytes: Span<UInt8>) {
    let isPair =
      bytes[position] == UInt8(ascii: "\r") && position &+ 1 < bytes.count && bytes[position &+ 1] == UInt8(ascii: "\n")
    position &+= isPair ? 2 : 1
    line &+= 1
  }
}
