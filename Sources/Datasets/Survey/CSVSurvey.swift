import Files

/// What the columns of a CSV file hold, found by reading all of it: what a person would want to know before training.
public struct CSVSurvey: Sendable {
  /// One column.
  public struct Column: Sendable {
    /// Its name.
    public let name: String
    /// Cells that are finite numbers, that are empty or stand for nothing (NA, ?, nan), and that are other texts.
    public fileprivate(set) var numbers = 0
    public fileprivate(set) var missing = 0
    public fileprivate(set) var texts = 0
    /// Whether all numbers are whole.
    public fileprivate(set) var areWhole = true
    /// Whether each number is greater than the one before it.
    public fileprivate(set) var isAscending = true
    /// How often each distinct cell occurs, up to `mostDistinct` of them; more are not told apart.
    public fileprivate(set) var counts: [String: Int] = [:]
    /// Whether there are more distinct cells.
    public fileprivate(set) var hasMore = false
    fileprivate var last = -Double.infinity
    /// A digest of all cells: equal columns have the same.
    fileprivate var digest: UInt64 = 0xcbf2_9ce4_8422_2325

    /// Whether it can be a feature as it is.
    public var isNumeric: Bool { missing == 0 && texts == 0 && numbers > 0 }
    /// Whether all cells are the same.
    public var isConstant: Bool { counts.count == 1 && !hasMore }
    /// Whether it numbers the rows, as far as one can see: whole numbers, each greater than the one before, with a name that says so or
    /// without a gap.
    public fileprivate(set) var isIdentifier = false
  }

  /// The file, as errors name it.
  public let file: String
  /// The columns in the order of the file.
  public private(set) var columns: [Column]
  /// How many rows there are.
  public private(set) var rows = 0
  /// Rows that are the same as an earlier one.
  public private(set) var repeatedRows = 0
  /// What separates the cells.
  public let delimiter: UInt8
  /// Columns with the same cells as an earlier one: both names.
  public private(set) var repeatedColumns: [(name: String, of: String)] = []

  /// Distinct cells of a column that are told apart at the most.
  public static let mostDistinct = 1000

  /// Reads a file.
  ///
  /// - Throws: `InputError` if it is not a CSV file with a line of names and rows of as many cells.
  public init(_ source: DataFile) throws(InputError) {
    file = source.name
    let bytes = try source.bytes()
    delimiter = Self.delimiter(of: bytes)
    var scanner = CSVScanner(delimiter: delimiter)
    scanner.skipByteOrderMark(in: bytes.span)
    columns = []
    let isEmpty = scanner.isAtEnd(of: bytes.span)
    if isEmpty { throw InputError(file: file, "the file is empty; its first line must name the columns") }
    var names: [String] = []
    repeat {
      let cell = try Self.cell(&scanner, bytes, file)
      names.append(scanner.text(of: cell, in: bytes.span))
    } while !scanner.isRowComplete
    columns = names.map { Column(name: $0) }
    for (index, name) in names.enumerated() {
      if name.isEmpty { throw InputError(file: file, line: 1, "column \(index + 1) has no name") }
      if names[..<index].contains(name) {
        throw InputError(file: file, line: 1, "the column name \(quoted(name)) occurs twice; names must differ")
      }
    }
    var seen: Set<UInt64> = []
    while true {
      let isOver = scanner.isAtEnd(of: bytes.span)
      if isOver { break }
      let line = scanner.line
      var digest: UInt64 = 0xcbf2_9ce4_8422_2325
      for index in names.indices {
        let cell = try Self.cell(&scanner, bytes, file)
        let text = scanner.text(of: cell, in: bytes.span)
        columns[index].add(text)
        for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
        digest = (digest ^ 0xFF) &* 0x100_0000_01b3
        if scanner.isRowComplete != (index == names.count - 1) {
          throw InputError(
            file: file, line: line,
            "the row has \(scanner.isRowComplete ? "\(index + 1)" : "more than \(index + 1)") cells, but the header names \(names.count)"
          )
        }
      }
      rows += 1
      if !seen.insert(digest).inserted { repeatedRows += 1 }
    }
    if rows == 0 { throw InputError(file: file, line: 1, "there is no data below the names of the columns") }
    judge()
  }

  /// What only all rows tell.
  private mutating func judge() {
    for index in columns.indices {
      let column = columns[index]
      let name = column.name.lowercased()
      let isNamed = name == "id" || name.hasSuffix("_id") || name.hasSuffix(" id") || name == "index" || name.isEmpty
      let isGapless = column.isAscending && column.isNumeric && column.areWhole && Int(column.last) - rows <= 1
      columns[index].isIdentifier =
        column.isNumeric && column.areWhole && column.isAscending && rows > 1 && (isNamed || isGapless)
      if let first = columns[..<index].first(where: { $0.digest == column.digest && !$0.isConstant }) {
        repeatedColumns.append((column.name, first.name))
      }
    }
  }

  /// The character that stands most often in the first line, outside of quotes, of those that separate cells.
  private static func delimiter(of bytes: [UInt8]) -> UInt8 {
    var counts: [UInt8: Int] = [:]
    var isQuoted = false
    for byte in bytes {
      if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
      if byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r"), !isQuoted { break }
      if !isQuoted { counts[byte, default: 0] += 1 }
    }
    let candidates: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"), UInt8(ascii: "|")]
    return candidates.max { counts[$0, default: 0] < counts[$1, default: 0] } ?? UInt8(ascii: ",")
  }

  private static func cell(
    _ scanner: inout CSVScanner, _ bytes: [UInt8], _ file: String
  ) throws(InputError) -> CSVScanner.Cell {
    do throws(CSVScanner.Fault) {
      return try scanner.cell(in: bytes.span)
    } catch {
      switch error {
      case .unterminatedQuote(let line):
        throw InputError(file: file, line: line, "a quote that opens here is never closed")
      case .textAfterQuote(let line): throw InputError(file: file, line: line, "there is text behind a closing quote")
      }
    }
  }
}

extension CSVSurvey.Column {
  private static let nothing: Set<String> = ["", "na", "n/a", "nan", "null", "none", "?", "-"]

  fileprivate mutating func add(_ text: String) {
    for byte in text.utf8 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
    digest = (digest ^ 0xFF) &* 0x100_0000_01b3
    if let count = counts[text] {
      counts[text] = count + 1
    } else if counts.count < CSVSurvey.mostDistinct {
      counts[text] = 1
    } else {
      hasMore = true
    }
    if let number = finiteDouble(text), Float(number).isFinite {
      numbers += 1
      if number != number.rounded() || abs(number) >= 1e15 { areWhole = false }
      if number <= last { isAscending = false }
      last = number
    } else if Self.nothing.contains(text.lowercased()) {
      missing += 1
    } else {
      texts += 1
    }
  }
}
