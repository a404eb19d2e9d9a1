import ConfigurationSchema
import Files

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

  /// The keys of the format; nil after reporting issues.
  public init?(_ section: Section) {
    let path = section.required("path", .path, help: "the file")
    let target = section.required("target", .strings, help: "the column to predict, or several columns of numbers")
    features = section.optional("features", .strings, absence: "all other columns", help: "the columns to predict from")
    delimiter = section.value("delimiter", .delimiter, default: UInt8(ascii: ","), help: "what separates the cells")
    Self.reportDuplicates(in: target ?? [], key: "target", section)
    Self.reportDuplicates(in: features ?? [], key: "features", section)
    for (index, name) in (features ?? []).enumerated() where target?.contains(name) == true {
      section.issues.report(
        section.path.appending(key: "features").appending(index: index),
        "\(quoted(name)) is the target too; a column can be only one")
    }
    guard let path, let target else { return nil }
    self.path = path
    self.target = target
  }

  /// The same of another file.
  func at(_ path: String) -> CSVConfiguration {
    CSVConfiguration(path: path, target: target, features: nil, delimiter: delimiter)
  }

  private init(path: String, target: [String], features: [String]?, delimiter: UInt8) {
    self.path = path
    self.target = target
    self.features = features
    self.delimiter = delimiter
  }

  private static func reportDuplicates(in names: [String], key: String, _ section: Section) {
    var seen: Set<String> = []
    for (index, name) in names.enumerated() where !seen.insert(name).inserted {
      section.issues.report(
        section.path.appending(key: key).appending(index: index), "\(quoted(name)) is in the list twice")
    }
  }
}

extension Domain<UInt8> {
  /// What can separate the cells of a CSV file.
  fileprivate static var delimiter: Self {
    let words = "one ASCII character that no number, quote or line break contains, such as ',', ';' or a tab"
    return Self(
      words, schema: ["type": "string", "minLength": 1, "maxLength": 1], placeholder: UInt8(ascii: ","),
      read: { value, place in
        if case .string(let text) = value, text.utf8.count == 1, let byte = text.utf8.first, isDelimiter(byte) {
          return byte
        }
        place.report("must be \(words), found \(value.summary)")
        return nil
      },
      write: { .string(String(UnicodeScalar($0))) })
  }

  private static func isDelimiter(_ byte: UInt8) -> Bool {
    switch UnicodeScalar(byte) {
    case "\"", ".", "+", "-", "0"..."9", "a"..."z", "A"..."Z": false
    case "\t": true
    default: (0x20..<0x7F).contains(byte)
    }
  }
}

extension CSVConfiguration: DataSource {
  func read(_ request: SourceRequest) throws(InputError) -> SourceTable {
    try CSVReader.read(DataFile(path: path, relativeTo: request.directory), as: self, for: request)
  }
}
