import ConfigurationSchema
import Training

/// What the command returns: the numbers of sysexits.h, and 128 + signal.
enum ExitStatus: Int32, CaseIterable {
  case done = 0
  case runFailed = 1
  case usage = 64
  case badData = 65
  case inputMissing = 66
  case `internal` = 70
  case cannotCreateOutput = 73
  case inputOutput = 74
  case tryAgain = 75
  case configuration = 78
  case hungUp = 129
  case interrupted = 130
  case terminated = 143

  /// What it tells, as the help has it.
  var meaning: String {
    switch self {
    case .done: "done"
    case .runFailed: "the run failed, or runs differ"
    case .usage: "usage"
    case .badData: "bad data"
    case .inputMissing: "input missing"
    case .internal: "internal error"
    case .cannotCreateOutput: "cannot create output"
    case .inputOutput: "input or output error"
    case .tryAgain: "to be given again (--continue): interrupted, or another process is at it"
    case .configuration: "configuration"
    case .hungUp: "the terminal was closed (SIGHUP), state saved"
    case .interrupted: "interrupted (SIGINT, Ctrl-C), state saved"
    case .terminated: "terminated (SIGTERM), state saved"
    }
  }

  /// The status for an error.
  init(_ error: any Error) {
    switch error {
    case is UsageError: self = .usage
    case is ConfigurationError: self = .configuration
    case let error as InputError:
      switch error.kind {
      case .missing: self = .inputMissing
      case .malformed: self = .badData
      case .unreadable: self = .inputOutput
      }
    case let error as OutputError: self = error.isCreation ? .cannotCreateOutput : .inputOutput
    case let error as RunError:
      switch error {
      case .notFinite: self = .runFailed
      case .instructionSetMissing: self = .usage
      }
    default: self = .internal
    }
  }
}
