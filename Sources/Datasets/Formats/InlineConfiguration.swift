import ConfigurationSchema

/// Samples that stand in the configuration itself:
/// `{ "format": "inline", "features": [[0, 0], [0, 1]], "targets": [[0], [1]] }`.
public struct InlineConfiguration: Sendable, Equatable {
  /// What there is to predict.
  public enum Targets: Sendable, Equatable {
    /// A row of numbers for each sample.
    case rows([[Double]])
    /// A string or a number for each sample: a label, or for regression the only target.
    case list([JSONValue])

    var count: Int {
      switch self {
      case .rows(let rows): rows.count
      case .list(let list): list.count
      }
    }
  }

  /// A row of numbers for each sample; all have the same length.
  public let features: [[Double]]
  /// As many as there are rows of features.
  public let targets: Targets

  /// Reads the object; nil after reporting issues.
  public init?(reading reader: ObjectReader) {
    let features = Self.required("features", of: reader).flatMap { Self.rows($0, "features", reader) }
    let targets = Self.required("targets", of: reader).flatMap { Self.targets($0, reader) }
    guard let features, let targets else { return nil }
    guard features.count == targets.count else {
      reader.report(
        "targets",
        "must have one entry for each of the \(counted(features.count, "row")) of features, found \(targets.count)")
      return nil
    }
    self.features = features
    self.targets = targets
  }

  /// The configuration; it has no defaults.
  public var json: [String: JSONValue] {
    let targets: JSONValue =
      switch targets {
      case .rows(let rows): Self.json(of: rows)
      case .list(let list): .array(list)
      }
    return ["features": Self.json(of: features), "targets": targets]
  }

  private static func json(of rows: [[Double]]) -> JSONValue {
    .array(rows.map { .array($0.map { .number($0) }) })
  }
}

// MARK: - Reading the configuration

extension InlineConfiguration {
  /// A list that has to be there and to have elements.
  private static func required(_ key: String, of reader: ObjectReader) -> [JSONValue]? {
    guard let value = reader.value(key) else {
      reader.report(key, "is required")
      return nil
    }
    guard case .array(let elements) = value, !elements.isEmpty else {
      reader.report(key, "must be a list with one entry for each sample, found \(value.summary)")
      return nil
    }
    return elements
  }

  private static func targets(_ elements: [JSONValue], _ reader: ObjectReader) -> Targets? {
    if case .array = elements[0] { return rows(elements, "targets", reader).map { .rows($0) } }
    var isSound = true
    for (index, element) in elements.enumerated() {
      switch element {
      case .integer, .string: continue
      case .number where number(element) != nil: continue
      default:
        reader.issues.report(
          reader.path.appending(key: "targets").appending(index: index),
          "must be a label, a string or a number, as the first entry is, found \(element.summary)")
        isSound = false
      }
    }
    return isSound ? .list(elements) : nil
  }

  /// Rows of numbers of one length; the first mistake of each row is reported.
  private static func rows(_ elements: [JSONValue], _ key: String, _ reader: ObjectReader) -> [[Double]]? {
    var rows: [[Double]] = []
    for (index, element) in elements.enumerated() {
      let path = reader.path.appending(key: key).appending(index: index)
      guard case .array(let cells) = element, !cells.isEmpty else {
        reader.issues.report(path, "must be a list of numbers, found \(element.summary)")
        continue
      }
      let numbers = cells.map { number($0) }
      if let bad = numbers.firstIndex(of: nil) {
        reader.issues.report(
          path.appending(index: bad), "must be a number of at most 3.4e38 in size, found \(cells[bad].summary)")
      } else if let first = rows.first, first.count != numbers.count {
        reader.issues.report(
          path, "must have \(counted(first.count, "number")) as the rows before it, found \(numbers.count)")
      } else {
        rows.append(numbers.compactMap { $0 })
      }
    }
    return rows.count == elements.count ? rows : nil
  }

  /// A number that is finite as Float.
  private static func number(_ value: JSONValue) -> Double? {
    switch value {
    case .integer(let integer): Double(integer)
    case .number(let number) where Float(number).isFinite: number
    default: nil
    }
  }
}

// MARK: - Reading the data

extension InlineConfiguration: DataSource {
  func read(_ request: SourceRequest) throws(DataError) -> SourceTable {
    let place = request.part.keyPath
    let targets: SourceTable.Targets
    switch (self.targets, request.targets) {
    case (.rows(let rows), .values), (.rows(let rows), .labelsOrValues):
      targets = .values(rows.flatMap { $0.map { Float($0) } }, columns: rows[0].count)
    case (.rows, .labels):
      throw DataError(file: place, "'targets' are rows of numbers, but the loss takes a list of labels")
    case (.list(let list), .values):
      let numbers = list.compactMap { Self.number($0) }
      guard numbers.count == list.count else {
        throw DataError(file: place, "'targets' are labels, but the loss takes numbers")
      }
      targets = .values(numbers.map { Float($0) }, columns: 1)
    case (.list(let list), .labels), (.list(let list), .labelsOrValues):
      targets = .labels(LabelColumn(list.map { Self.label($0) }))
    }
    let targetColumns = if case .values(_, let columns) = targets { columns } else { 1 }
    return SourceTable(
      file: place, featureNames: features[0].indices.map { "x\($0)" },
      targetNames: (0..<targetColumns).map { "y\($0)" }, features: .floats(features.flatMap { $0.map { Float($0) } }),
      targets: targets, rows: features.count)
  }

  private static func label(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): text
    default: value.compactText
    }
  }
}
