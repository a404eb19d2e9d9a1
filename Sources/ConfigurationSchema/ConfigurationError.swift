/// A place in a text file. Both counts start at 1; a column is one Unicode scalar.
public struct SourceLocation: Sendable, Equatable, CustomStringConvertible {
  /// The line, counted from 1.
  public let line: Int
  /// The column, counted from 1 in Unicode scalars.
  public let column: Int

  /// "line 3, column 7".
  public var description: String { "line \(line), column \(column)" }

  /// The place of a byte in UTF-8 text. A line ends with LF, with CR LF, or with a CR alone.
  init(offset: Int, in bytes: [UInt8]) {
    var line = 1
    var column = 1
    for index in 0..<min(offset, bytes.count) {
      let byte = bytes[index]
      if byte == 0x0A || (byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A)) {
        line += 1
        column = 1
      } else if byte & 0xC0 != 0x80 {
        column += 1
      }
    }
    self.line = line
    self.column = column
  }
}

/// One thing that is wrong with a configuration.
public struct ConfigurationIssue: Sendable, Equatable, CustomStringConvertible {
  /// The value that is wrong, or where a value is missing.
  public let path: ConfigurationPath
  /// What is wrong, as it reads after the path and a colon: "must be greater than 0, found -1".
  public let message: String
  /// The place in the file, where the text itself is wrong; nil for a wrong value, which its path names better.
  public let location: SourceLocation?

  /// An issue with a value.
  public init(path: ConfigurationPath, message: String) {
    self.init(path: path, message: message, location: nil)
  }

  /// An issue with the text of a file.
  init(path: ConfigurationPath, message: String, location: SourceLocation?) {
    self.path = path
    self.message = message
    self.location = location
  }

  /// The path, or the place of a syntax error, and the message.
  public var description: String {
    if let location { "\(location): \(message)" } else { "\(path): \(message)" }
  }
}

/// Everything that is wrong with one configuration, so that a person can mend it in one go.
public struct ConfigurationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The name of the file, as the user wrote it.
  public let file: String
  /// What is wrong, in the order in which it was found; never empty.
  public let issues: [ConfigurationIssue]
  /// How many more there are, which are only counted.
  public let omitted: Int

  /// An error with at least one issue.
  public init(file: String, issues: [ConfigurationIssue], omitted: Int = 0) {
    self.file = file
    self.issues = issues
    self.omitted = omitted
  }

  /// One line for one issue; otherwise a line with their number and an indented line for each.
  public var description: String {
    if issues.count + omitted == 1 { return "\(file): \(issues[0])" }
    let more = omitted == 0 ? [] : ["  … and \(omitted) more"]
    return (["\(file): \(issues.count + omitted) errors"] + issues.map { "  \($0)" } + more).joined(separator: "\n")
  }
}
