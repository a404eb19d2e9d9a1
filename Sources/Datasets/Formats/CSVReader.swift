import Files

/// Reads a CSV file with a header row into a table, in one pass over its bytes.
struct CSVReader {
  private let file: String
  private let columns: CSVColumns
  private let targetColumns: Int
  private var scanner: CSVScanner
  private var rows = 0
  private var features: [Float] = []
  private var values: [Float] = []
  private var labels = LabelColumn()
  private var weights: [Float] = []
  private var codeOfShortLabel: [UInt64: Int32] = [:]

  /// Reads the whole file.
  static func read(
    _ file: DataFile, as configuration: CSVConfiguration, for request: SourceRequest
  ) throws(InputError) -> SourceTable {
    let content = try file.bytes()
    return try read(content, named: file.name, as: configuration, for: request)
  }

  /// Reads the content of a file.
  static func read(
    _ content: [UInt8], named file: String, as configuration: CSVConfiguration, for request: SourceRequest
  ) throws(InputError) -> SourceTable {
    let takesLabels: Bool
    switch request.targets {
    case .values: takesLabels = false
    case .labels: takesLabels = true
    case .labelsOrValues, .labelsOrDistributions: takesLabels = configuration.target.count == 1
    }
    if takesLabels && configuration.target.count > 1 {
      throw InputError(
        file: file,
        "\(request.part.keyPath).target names \(configuration.target.count) columns; "
          + "the loss takes labels, which are one column")
    }

    let bytes = content.span
    var scanner = CSVScanner(delimiter: configuration.delimiter)
    let names = try header(&scanner, in: bytes, file: file)
    let columns = try CSVColumns(
      of: names, for: configuration, trainingFeatures: request.featureNames, weightColumn: request.weightColumn,
      takesLabels: takesLabels, file: file)
    var reader = CSVReader(
      file: file, columns: columns, targetColumns: takesLabels ? 0 : configuration.target.count, scanner: scanner)
    try reader.readRows(in: bytes)
    return SourceTable(
      file: file, featureNames: columns.featureNames, targetNames: configuration.target,
      features: .floats(reader.features),
      targets: takesLabels
        ? .ofOneColumn(reader.labels, as: request.targets)
        : .values(reader.values, columns: configuration.target.count),
      weights: request.weightColumn == nil ? nil : reader.weights, rows: reader.rows)
  }

  private init(file: String, columns: CSVColumns, targetColumns: Int, scanner: CSVScanner) {
    self.file = file
    self.columns = columns
    self.targetColumns = targetColumns
    self.scanner = scanner
  }

  private static func header(
    _ scanner: inout CSVScanner, in bytes: Span<UInt8>, file: String
  ) throws(InputError) -> [String] {
    if bytes.count >= 2 && (bytes[0] == 0xFF && bytes[1] == 0xFE || bytes[0] == 0xFE && bytes[1] == 0xFF) {
      throw InputError(file: file, line: 1, "the text is UTF-16; only UTF-8 can be read")
    }
    scanner.skipByteOrderMark(in: bytes)
    if scanner.isAtEnd(of: bytes) {
      throw InputError(file: file, "the file is empty; its first line must name the columns")
    }
    if scanner.isAtBlankLine(in: bytes) {
      throw InputError(file: file, line: 1, "the line is blank; the first line must name the columns")
    }
    var names: [String] = []
    repeat {
      let cell = try cell(&scanner, in: bytes, column: "\(names.count + 1)", file: file)
      guard let name = scanner.validText(of: cell, in: bytes) else {
        throw InputError(file: file, line: 1, "the name of column \(names.count + 1) is not UTF-8 text")
      }
      names.append(name)
    } while !scanner.isRowComplete
    if scanner.isAtEnd(of: bytes) {
      throw InputError(file: file, line: 1, "there is no data below the names of the columns")
    }
    return names
  }
}

// MARK: - Rows

extension CSVReader {
  private mutating func readRows(in bytes: Span<UInt8>) throws(InputError) {
    let roles = columns.roles
    var featureRow = [Float](repeating: 0, count: columns.featureNames.count)
    var targetRow = [Float](repeating: 0, count: targetColumns)
    while !scanner.isAtEnd(of: bytes) {
      let start = scanner.position
      let line = scanner.line
      if scanner.isAtBlankLine(in: bytes) {
        throw InputError(file: file, line: line, "the line is blank, and more lines follow; every row needs its cells")
      }
      // A copy that nothing else sees, so that its position stays in a register from one number to the next.
      var local = scanner
      for column in 0..<roles.count {
        if case .feature(let position) = roles[column], let number = local.plainNumber(in: bytes) {
          featureRow[position] = number
        } else {
          scanner = local
          switch roles[column] {
          case .feature(let position): featureRow[position] = try unusualNumber(in: bytes, column: column)
          case .target(let position): targetRow[position] = try number(in: bytes, column: column)
          case .label: try readLabel(in: bytes, column: column)
          case .weight: weights.append(try weight(in: bytes, column: column))
          case .ignored: _ = try cell(in: bytes, column: column)
          }
          local = scanner
        }
        if local.isRowComplete != (column == roles.count - 1) {
          scanner = local
          throw try raggedRow(cells: column + 1, line: line, in: bytes)
        }
      }
      scanner = local
      features.append(contentsOf: featureRow)
      values.append(contentsOf: targetRow)
      rows += 1
      if rows == 1 { reserve(rows: 1 + bytes.count / (scanner.position - start)) }
    }
  }

  /// Saves growing, as if all rows were as long as the first; one cell takes two bytes of the file at least, so this is
  /// at most twice its size.
  private mutating func reserve(rows: Int) {
    features.reserveCapacity(rows * columns.featureNames.count)
    values.reserveCapacity(rows * targetColumns)
    if targetColumns == 0 { labels.reserveCapacity(rows) }
  }

  private mutating func raggedRow(cells: Int, line: Int, in bytes: Span<UInt8>) throws(InputError) -> InputError {
    var cells = cells
    while !scanner.isRowComplete {
      _ = try Self.cell(&scanner, in: bytes, column: "\(cells + 1)", file: file)
      cells += 1
    }
    return InputError(
      file: file, line: line, "the row has \(counted(cells, "cell")), but the header names \(columns.names.count)")
  }

  private mutating func number(in bytes: Span<UInt8>, column: Int) throws(InputError) -> Float {
    if let number = scanner.plainNumber(in: bytes) { return number }
    return try unusualNumber(in: bytes, column: column)
  }

  private mutating func weight(in bytes: Span<UInt8>, column: Int) throws(InputError) -> Float {
    let line = scanner.line
    let weight = try number(in: bytes, column: column)
    guard weight >= 0 else {
      throw InputError(
        file: file, line: line,
        "column \(quoted(columns.names[column])) holds \(weight); the weight of a sample must not be negative")
    }
    return weight
  }

  /// A number that is not a plain one.
  @inline(never)
  private mutating func unusualNumber(in bytes: Span<UInt8>, column: Int) throws(InputError) -> Float {
    let line = scanner.line
    let text = scanner.text(of: try cell(in: bytes, column: column), in: bytes)
    return try DecimalNumber(text).value(text, column: columns.names[column], file: file, line: line)
  }

  /// Most labels are a few bytes that were seen before; those are told apart as integers.
  private mutating func readLabel(in bytes: Span<UInt8>, column: Int) throws(InputError) {
    let line = scanner.line
    let cell = try cell(in: bytes, column: column)
    if cell.range.isEmpty {
      throw InputError(
        file: file, line: line, "column \(quoted(columns.names[column])) is empty; every row needs a label")
    }
    guard cell.range.count < 8 && !cell.hasEscapes else {
      labels.append(try label(cell, in: bytes, column: column, line: line), line: line)
      return
    }
    var key = UInt64(cell.range.count)
    for i in cell.range { key = key << 8 | UInt64(bytes[i]) }
    if let code = codeOfShortLabel[key] {
      labels.append(code: code)
    } else {
      codeOfShortLabel[key] = labels.append(try label(cell, in: bytes, column: column, line: line), line: line)
    }
  }

  private func label(
    _ cell: CSVScanner.Cell, in bytes: Span<UInt8>, column: Int, line: Int
  ) throws(InputError) -> String {
    if let text = scanner.validText(of: cell, in: bytes) { return text }
    throw InputError(
      file: file, line: line,
      "column \(quoted(columns.names[column])) holds \(quoted(scanner.text(of: cell, in: bytes))), which is not UTF-8 text; "
        + "save the file as UTF-8")
  }

  private mutating func cell(in bytes: Span<UInt8>, column: Int) throws(InputError) -> CSVScanner.Cell {
    try Self.cell(&scanner, in: bytes, column: columns.names[column], file: file)
  }

  private static func cell(
    _ scanner: inout CSVScanner, in bytes: Span<UInt8>, column: String, file: String
  ) throws(InputError) -> CSVScanner.Cell {
    do throws(CSVScanner.Fault) {
      return try scanner.cell(in: bytes)
    } catch {
      switch error {
      case .unterminatedQuote(let line):
        throw InputError(file: file, line: line, "the quote that opens in column \(quoted(column)) is never closed")
      case .textAfterQuote(let line):
        throw InputError(
          file: file, line: line,
          "column \(quoted(column)) has text behind its closing quote; a quote inside quotes is written twice")
      }
    }
  }
}
