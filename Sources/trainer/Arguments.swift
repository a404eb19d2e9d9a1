import ConfigurationSchema
import Foundation
import Training

/// A command line that cannot be understood.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ message: String) { description = "\(message)\nTry 'trainer --help'." }
}

/// What `trainer train` trains.
enum RunSource: Equatable {
  /// A new run, from the configuration in a file.
  case configuration(String)
  /// The run in a folder, from its last state on.
  case resume(String)
}

/// The options of a command.
struct CommandOptions {
  var overrides: [(key: String, value: String)] = []
  var run = Run.Options()
  var isQuiet = false
}

/// The command line: `--name value` or `--name=value`, in any order.
struct Arguments {
  enum Command {
    case train(RunSource, CommandOptions)
    case verify(String, CommandOptions)
    case compare(String, String)
    case help
    case version
  }

  let command: Command

  static let version = "0.1.0"

  /// The commands with the names of their arguments and the options they take; without one, it is `train`.
  private enum Name: String, CaseIterable {
    case train
    case verify
    case compare

    var arguments: [String] {
      switch self {
      case .train: []
      case .verify: ["RUN"]
      case .compare: ["RUN", "RUN"]
      }
    }

    var options: [Option] {
      switch self {
      case .train: Option.allCases
      case .verify: [.workers, .singleThread, .instructionSet, .quiet]
      case .compare: []
      }
    }
  }

  private enum Option: String, CaseIterable {
    case config = "--config"
    case resume = "--resume"
    case set = "--set"
    case workers = "--workers"
    case singleThread = "--single-thread"
    case instructionSet = "--instruction-set"
    case output = "--output"
    case quiet = "--quiet"
    case help = "--help"
    case version = "--version"

    /// What the value is called in messages; nil for an option without one.
    var value: String? {
      switch self {
      case .config: "FILE"
      case .resume: "RUN"
      case .set: "KEY=VALUE"
      case .workers: "N"
      case .instructionSet: "NAME"
      case .output: "DIR"
      case .singleThread, .quiet, .help, .version: nil
      }
    }
  }

  init(_ arguments: [String]) throws(UsageError) {
    var options = CommandOptions()
    var source: RunSource?
    var workers: WorkerCount?
    var isSingleThread = false
    var name: Name?
    var operands: [String] = []
    var given: [Option] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-") else {
        if argument.isEmpty { throw UsageError("an argument is empty") }
        if name == nil && operands.isEmpty, let found = Name(rawValue: argument) {
          name = found
        } else if operands.count < (name ?? .train).arguments.count {
          operands.append(argument)
        } else {
          throw Self.unexpected(argument, isFirst: name == nil && rest.count == arguments.count - 1)
        }
        continue
      }
      let (option, value) = try Self.option(argument, &rest)
      given.append(option)
      switch option {
      case .help:
        command = .help
        return
      case .version:
        command = .version
        return
      case .config, .resume:
        if source != nil {
          let isTwice = given.filter { $0 == option }.count > 1
          throw UsageError(isTwice ? "\(option.rawValue) is given twice" : "--config and --resume exclude each other")
        }
        source = option == .config ? .configuration(value) : .resume(value)
      case .set:
        guard let equals = value.firstIndex(of: "="), equals != value.startIndex else {
          throw UsageError("--set needs KEY=VALUE, found '\(value)'")
        }
        guard ConfigurationPath(parsing: String(value[..<equals])) != nil else {
          throw UsageError("--set: '\(value[..<equals])' is not a key like network.layers[0].units")
        }
        options.overrides.append((String(value[..<equals]), String(value[value.index(after: equals)...])))
      case .workers:
        guard let count = WorkerCount(value) else {
          throw UsageError("--workers needs 'auto' or a number from 1 to \(WorkerCount.maximum), found '\(value)'")
        }
        workers = count
      case .singleThread: isSingleThread = true
      case .instructionSet:
        guard let set = InstructionSet(rawValue: value) else {
          let names = InstructionSet.allCases.map(\.rawValue)
          let hint = nearest(to: value, among: names).map { "; did you mean '\($0)'?" } ?? ""
          throw UsageError("--instruction-set needs one of \(names.joined(separator: ", ")), found '\(value)'\(hint)")
        }
        options.run.instructionSet = set
      case .output: options.run.output = URL(fileURLWithPath: value, isDirectory: true)
      case .quiet: options.isQuiet = true
      }
    }
    if isSingleThread, let workers, workers != .fixed(1) {
      throw UsageError("--single-thread and --workers exclude each other")
    }
    options.run.execution = isSingleThread ? .singleThread : workers.map { .workers($0) }
    command = try Self.command(name ?? .train, operands, source, options, given)
  }

  private static func command(
    _ name: Name, _ operands: [String], _ source: RunSource?, _ options: CommandOptions, _ given: [Option]
  ) throws(UsageError) -> Command {
    if let option = given.first(where: { !name.options.contains($0) }) {
      throw UsageError("\(option.rawValue) has no effect on '\(name.rawValue)'")
    }
    guard operands.count == name.arguments.count else {
      throw UsageError(
        "'\(name.rawValue)' needs \(operands.count == 0 ? "" : "another ")"
          + name.arguments.dropFirst(operands.count).joined(separator: " ")
          + (name.arguments.count - operands.count == 1 ? ", the folder of a run" : ", the folders of two runs"))
    }
    switch name {
    case .verify: return .verify(operands[0], options)
    case .compare: return .compare(operands[0], operands[1])
    case .train:
      guard let source else { throw UsageError("--config FILE is missing, or --resume RUN") }
      if case .resume = source, options.run.output != nil {
        throw UsageError("--output has no effect with --resume: a run goes on in its folder")
      }
      return .train(source, options)
    }
  }

  private static func unexpected(_ argument: String, isFirst: Bool) -> UsageError {
    guard isFirst else { return UsageError("unexpected argument '\(argument)'") }
    let commands = Name.allCases.map(\.rawValue)
    let hint =
      nearest(to: argument, among: commands).map { "did you mean '\($0)'?" }
      ?? "there are: \(commands.joined(separator: ", "))"
    return UsageError("unknown command '\(argument)'; \(hint)")
  }

  /// The option that `argument` names, and its value, which may be the next argument.
  private static func option(
    _ argument: String, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> (Option, String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard let option = Option(rawValue: parts[0] == "-h" ? "--help" : parts[0]) else {
      let hint = nearest(to: parts[0], among: Option.allCases.map(\.rawValue)).map { "; did you mean \($0)?" } ?? ""
      throw UsageError("unknown option '\(parts[0])'\(hint)")
    }
    guard let name = option.value else {
      if parts.count > 1 { throw UsageError("\(option.rawValue) takes no value, found '\(parts[1])'") }
      return (option, "")
    }
    guard let value = parts.count > 1 ? parts[1] : rest.popFirst(), !value.isEmpty else {
      throw UsageError("\(option.rawValue) needs a value: \(option.rawValue) \(name)")
    }
    return (option, value)
  }

  static let help = """
    Trains a neural network as a configuration says, and writes the model to a run directory.

    usage: trainer [train] --config FILE [options]      train
           trainer [train] --resume RUN [options]       go on with a run from its last state
           trainer verify RUN [options]                 train a run again and compare the digests
           trainer compare RUN RUN                      where two runs part

      --config FILE           the configuration, JSON; paths inside it are relative to the file
      --resume RUN            the folder of a run that was interrupted; training.epochs may be changed
      --set KEY=VALUE         override one key; may be repeated:
                              --set optimizer.learningRate=0.05 --set network.layers[0].units=64
      --workers N             how many workers; 'auto' (default) finds the fastest number
      --single-thread         compute on the calling thread, without Dispatch
      --instruction-set NAME  portable, avx2, avx512 or neon; default: the best of this machine
      --output DIR            the run directory; default: the first free runs/NAME-1, runs/NAME-2, …
      --quiet                 show no progress
      --help                  show this text
      --version               show the version

    The model depends on the configuration, the data and the seed alone: not on workers or instructions.

    exit status: 0 done, 1 the run failed or runs differ, 64 usage, 65 bad data, 66 input missing,
    70 internal error, 73 cannot create output, 74 input or output error, 78 configuration,
    130 or 143 interrupted, state saved
    """
}
