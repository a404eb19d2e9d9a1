import Foundation

/// A file or folder that cannot be written.
public struct OutputError: Error, Sendable, CustomStringConvertible {
  /// A sentence that names the file.
  public let description: String
  /// Whether a run directory could not be made; else an existing one could not be written to.
  public let isCreation: Bool
  /// Whether another process has it, and will let go of it.
  public let isLocked: Bool

  /// An error with the sentence `description`.
  public init(_ description: String, isCreation: Bool = false, isLocked: Bool = false) {
    self.description = description
    self.isCreation = isCreation
    self.isLocked = isLocked
  }

  /// What Foundation says of a failed `operation` on `path`, in one sentence.
  public init(_ operation: String, _ path: String, _ error: any Error, isCreation: Bool = false) {
    self.init("cannot \(operation) \(path): \(reason(of: error))", isCreation: isCreation)
  }
}
