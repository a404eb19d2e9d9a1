/// What is wrong with a data file: one sentence that names the file, the line where there is one, what was found and
/// what is allowed.
public struct InputError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, as far as a caller treats it differently.
  public enum Kind: Sendable {
    /// There is no such file.
    case missing
    /// The file was read, and its content is not what the configuration promises.
    case malformed
    /// The file exists but cannot be read.
    case unreadable
  }

  /// What went wrong.
  public let kind: Kind
  /// The file as the configuration names it, or the key path of data that stands in the configuration itself.
  public let file: String
  /// The line of the file, counted from 1.
  public let line: Int?
  /// The sentence, without the file and the line.
  public let message: String

  /// An error at `line` of `file`.
  public init(_ kind: Kind = .malformed, file: String, line: Int? = nil, _ message: String) {
    self.kind = kind
    self.file = file
    self.line = line
    self.message = message
  }

  /// `file:line: message`.
  public var description: String {
    line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
  }
}
