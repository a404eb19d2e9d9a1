import ConfigurationSchema
import Files

/// The features of the rows of a CSV file, found by the names of its columns and read piece by piece: never more of the file is in
/// memory than some rows. Other columns are passed over.
public final class CSVFeatureStream {
  private let stream: ByteStream
  private let featureNames: [String]
  private var scanner: CSVScanner
  /// Bytes from the next row on.
  private var bytes: [UInt8] = []
  private var isComplete = false
  /// For each column of the file, the feature that it is; nil for one that is none. Empty before the header was read.
  private var roles: [Int?] = []
  private var names: [String] = []

  /// A stream of rows with features of these names.
  ///
  /// - Parameter delimiter: what separates cells.
  public init(_ stream: ByteStream, featureNames: [String], delimiter: UInt8 = UInt8(ascii: ",")) {
    self.stream = stream
    self.featureNames = featureNames
    scanner = CSVScanner(delimiter: delimiter)
  }

  /// The next rows, at most `limit`, [rows, features]: those that are there as soon as there is one; nil at the end.
  ///
  /// - Throws: `InputError` that names the line of what cannot be read.
  public func next(limit: Int) throws(InputError) -> [Float]? {
    while true {
      if roles.isEmpty, try !readHeader() {
        if try !fetch() {
          throw InputError(file: stream.name, "there is nothing; the first line must name the columns")
        }
        continue
      }
      let rows = try readRows(limit)
      if !rows.isEmpty { return rows }
      if try !fetch() { return nil }
    }
  }

  /// Adds bytes to those that are not used yet; false at the end.
  private func fetch() throws(InputError) -> Bool {
    guard !isComplete else { return false }
    bytes.removeFirst(scanner.position)
    scanner.continueInRest()
    guard let piece = try stream.next() else {
      isComplete = true
      // What has no line break at its end may be a row now.
      return !bytes.isEmpty
    }
    bytes += piece
    return true
  }

  /// Whether a row that was scanned to `position` is whole: nothing that follows can belong to it.
  private func isWhole(_ position: Int) -> Bool {
    isComplete || position < bytes.count || position > 0 && bytes[position - 1] == UInt8(ascii: "\n")
  }

  // MARK: Header

  /// Reads the names of the columns; false if their line is not all there.
  private func readHeader() throws(InputError) -> Bool {
    var next = scanner
    let bytes = bytes
    next.skipByteOrderMark(in: bytes.span)
    let isEmpty = next.isAtEnd(of: bytes.span)
    if isEmpty { return false }
    if bytes.count >= 2, bytes[0] == 0xFF && bytes[1] == 0xFE || bytes[0] == 0xFE && bytes[1] == 0xFF {
      throw InputError(file: stream.name, line: 1, "the text is UTF-16; only UTF-8 can be read")
    }
    var names: [String] = []
    repeat {
      guard let cell = try cell(&next, in: bytes, column: "\(names.count + 1)") else { return false }
      names.append(next.text(of: cell, in: bytes.span))
    } while !next.isRowComplete
    guard isWhole(next.position) else { return false }
    scanner = next
    self.names = names
    roles = try roles(of: names)
    return true
  }

  private func roles(of names: [String]) throws(InputError) -> [Int?] {
    var roles = [Int?](repeating: nil, count: names.count)
    for (feature, name) in featureNames.enumerated() {
      let places = names.indices.filter { names[$0] == name }
      guard let place = places.first else {
        let advice = nearest(to: name, among: names).map { "; did you mean \(quoted($0))?" } ?? "."
        throw InputError(
          file: stream.name, line: 1,
          "there is no column \(quoted(name)), which the model needs\(advice) The columns are \(listed(names))")
      }
      guard places.count == 1 else {
        throw InputError(
          file: stream.name, line: 1,
          "the column name \(quoted(name)) occurs \(places.count) times; the model needs one of this name")
      }
      roles[place] = feature
    }
    return roles
  }

  // MARK: Rows

  private func readRows(_ limit: Int) throws(InputError) -> [Float] {
    let bytes = bytes
    var features: [Float] = []
    var row = [Float](repeating: 0, count: featureNames.count)
    var count = 0
    while count < limit {
      var next = scanner
      let line = next.line
      let isAtEnd = next.isAtEnd(of: bytes.span)
      if isAtEnd {
        // Blank lines at the end of the file are none; more rows may follow those that are here.
        if isComplete { scanner = next }
        break
      }
      let isBlank = next.isAtBlankLine(in: bytes.span)
      if isBlank {
        throw InputError(
          file: stream.name, line: line, "the line is blank, and more lines follow; every row needs its cells")
      }
      guard try readRow(&next, in: bytes, into: &row, line: line) else { break }
      scanner = next
      features += row
      count += 1
    }
    return features
  }

  /// Reads one row; false if it is not all there.
  private func readRow(
    _ next: inout CSVScanner, in bytes: [UInt8], into row: inout [Float], line: Int
  ) throws(InputError) -> Bool {
    for column in roles.indices {
      if let feature = roles[column] {
        if let number = next.plainNumber(in: bytes.span) {
          row[feature] = number
        } else {
          guard let number = try unusualNumber(&next, in: bytes, column: column) else { return false }
          row[feature] = number
        }
      } else {
        guard try cell(&next, in: bytes, column: names[column]) != nil else { return false }
      }
      if next.isRowComplete != (column == roles.count - 1) {
        guard isWhole(next.position) else { return false }
        throw InputError(
          file: stream.name, line: line,
          "the row has \(next.isRowComplete ? "\(column + 1)" : "more than \(column + 1)") cells, but the header names \(roles.count)"
        )
      }
    }
    return isWhole(next.position)
  }

  /// A number that is not a plain one; nil if it is not all there.
  private func unusualNumber(
    _ next: inout CSVScanner, in bytes: [UInt8], column: Int
  ) throws(InputError) -> Float? {
    let line = next.line
    guard let cell = try cell(&next, in: bytes, column: names[column]) else { return nil }
    guard isWhole(next.position) else { return nil }
    let text = next.text(of: cell, in: bytes.span)
    return try DecimalNumber(text).value(text, column: names[column], file: stream.name, line: line)
  }

  /// The next cell; nil if it is not all there.
  private func cell(
    _ next: inout CSVScanner, in bytes: [UInt8], column: String
  ) throws(InputError) -> CSVScanner.Cell? {
    do throws(CSVScanner.Fault) {
      return try next.cell(in: bytes.span)
    } catch {
      switch error {
      case .unterminatedQuote(let line):
        guard isComplete else { return nil }
        throw InputError(
          file: stream.name, line: line, "the quote that opens in column \(quoted(column)) is never closed")
      case .textAfterQuote(let line):
        throw InputError(
          file: stream.name, line: line,
          "column \(quoted(column)) has text behind its closing quote; a quote inside quotes is written twice")
      }
    }
  }
}
