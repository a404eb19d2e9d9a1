import ConfigurationSchema
import Training

/// What the command returns: the numbers of sysexits.h, and 128 + signal.
enum ExitStatus: Int32 {
  case done = 0
  case runFailed = 1
  case usage = 64
  case badData = 65
  case inputMissing = 66
  case `internal` = 70
  case cannotCreateOutput = 73
  case inputOutput = 74
  case configuration = 78
  case interrupted = 130
  case terminated = 143

  /// The status for an error.
  init(_ error: any Error) {
    switch error {
    case is UsageError: self = .usage
    case is ConfigurationError: self = .configuration
    case let error as DataError:
      switch error.kind {
      case .missing: self = .inputMissing
      case .malformed: self = .badData
      case .unreadable: self = .inputOutput
      }
    case let error as FileError: self = error.isCreation ? .cannotCreateOutput : .inputOutput
    case let error as RunError:
      switch error {
      case .notFinite: self = .runFailed
      case .instructionSetMissing: self = .usage
      }
    default: self = .internal
    }
  }
}
