import ConfigurationSchema

/// A CSV file with a header row: `{ "format": "csv", "path": "data/digits.csv", "target": "label" }`.
public struct CSVConfiguration: Sendable, Equatable {
  /// The file; `.gz` accepted.
  public let path: String
  /// The columns to predict.
  public let target: [String]
  /// The columns to predict from; nil means all others.
  public let features: [String]?
  /// What separates the cells: one ASCII character.
  public let delimiter: UInt8

  static let defaultDelimiter = ","

  /// Reads the object; nil after reporting issues.
  public init?(reading reader: ObjectReader) {
    let path = reader.string("path")
    let target = reader.strings("target")
    features = reader.optionalStrings("features")
    let delimiterText = reader.string("delimiter", default: Self.defaultDelimiter)
    let delimiter = delimiterText.utf8.first ?? 0
    let isOneByte = delimiterText.utf8.count == 1
    if !isOneByte || !Self.isDelimiter(delimiter) {
      reader.report(
        "delimiter",
        "must be one ASCII character that no number, quote or line break contains, such as ',', ';' or a tab, "
          + "found \(JSONValue.string(delimiterText).summary)")
    }
    Self.reportDuplicates(in: target ?? [], key: "target", reader)
    Self.reportDuplicates(in: features ?? [], key: "features", reader)
    for (index, name) in (features ?? []).enumerated() where target?.contains(name) == true {
      reader.issues.report(
        reader.path.appending(key: "features").appending(index: index),
        "\(quoted(name)) is the target too; a column can be only one")
    }
    guard let path, let target else { return nil }
    self.path = path
    self.target = target
    self.delimiter = delimiter
  }

  /// The configuration with every default filled in, except `features`, whose default depends on the file.
  public var json: [String: JSONValue] {
    var members: [String: JSONValue] = [
      "path": .string(path),
      "target": target.count == 1 ? .string(target[0]) : .array(target.map { .string($0) }),
      "delimiter": .string(String(UnicodeScalar(delimiter))),
    ]
    members["features"] = features.map { .array($0.map { .string($0) }) }
    return members
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    switch UnicodeScalar(byte) {
    case "\"", ".", "+", "-", "0"..."9", "a"..."z", "A"..."Z": false
    case "\t": true
    default: (0x20..<0x7F).contains(byte)
    }
  }

  private static func reportDuplicates(in names: [String], key: String, _ reader: ObjectReader) {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() where !seen.insert(name).inserted {
      reader.issues.report(
        reader.path.appending(key: key).appending(index: index), "\(quoted(name)) is in the list twice")
    }
  }
}

extension CSVConfiguration: DataSource {
  func read(_ request: SourceRequest) throws(DataError) -> SourceTable {
    try CSVReader.read(DataFile(path: path, relativeTo: request.directory), as: self, for: request)
  }
}
