import ConfigurationSchema

/// A command line that cannot be understood.
struct UsageError: Error, CustomStringConvertible {
  let description: String

  init(_ message: String) { description = "\(message)\nTry 'trainer --help'." }
}

/// What a command line asks for.
enum Request {
  /// To do what a command does.
  case command(any Command)
  /// To show a text.
  case text(String)

  init(_ arguments: [String]) throws(UsageError) {
    switch try Arguments.read(arguments) {
    case .complete(let command, let arguments): self = .command(try command.init(arguments))
    case .help(let command): self = .text(command.map(Help.text) ?? Help.overview)
    case .version: self = .text("trainer \(Trainer.version)")
    }
  }
}

/// The operands and options of a command: `--name value` or `--name=value`, before or after the operands.
struct Arguments {
  /// As many as the command has.
  let operands: [String]
  private let values: [(option: String, value: any Sendable)]

  /// The value of an option, of the last one if there are several; nil if it is not given.
  subscript<Value>(option: Option<Value>) -> Value? { all(option).last }

  /// The values of an option that may be repeated, in order.
  func all<Value>(_ option: Option<Value>) -> [Value] {
    values.filter { $0.option == option.name }.compactMap { $0.value as? Value }
  }

  /// Whether an option without a value is given.
  func has(_ option: Option<Bool>) -> Bool { self[option] == true }
}

// MARK: Reading

extension Arguments {
  enum Reading {
    case complete(any Command.Type, Arguments)
    case help((any Command.Type)?)
    case version
  }

  static func read(_ arguments: [String]) throws(UsageError) -> Reading {
    var command: (any Command.Type)?
    var operands: [String] = []
    var given: [(option: String, value: any Sendable)] = []
    var rest = arguments[...]
    while let argument = rest.popFirst() {
      guard argument.hasPrefix("-") else {
        if argument.isEmpty { throw UsageError("an argument is empty") }
        if command == nil && operands.isEmpty, let found = CommandList.command(named: argument) {
          command = found
        } else if operands.count < (command ?? CommandList.standard).operands.count {
          operands.append(argument)
        } else {
          throw unexpected(argument, isFirst: command == nil && rest.count == arguments.count - 1)
        }
        continue
      }
      let (option, text) = try option(argument, &rest)
      if option.name == Options.help.name { return .help(command ?? rest.first.flatMap(CommandList.command)) }
      if option.name == Options.version.name { return .version }
      if option.isUnique && given.contains(where: { $0.option == option.name }) {
        throw UsageError("\(option.name) is given twice")
      }
      given.append((option.name, try option.value(of: text)))
    }
    let chosen = command ?? CommandList.standard
    if let name = given.map(\.option).first(where: { name in !chosen.options.contains { $0.name == name } }) {
      throw UsageError("\(name) has no effect on '\(chosen.name)'")
    }
    let missing = chosen.operands.dropFirst(operands.count)
    if let last = missing.last {
      throw UsageError(
        "'\(chosen.name)' needs \(operands.isEmpty ? "" : "another ")\(missing.map(\.name).joined(separator: " ")), "
          + (missing.count > 1 ? "each \(last.help)" : last.help))
    }
    return .complete(chosen, Arguments(operands: operands, values: given))
  }

  private static func unexpected(_ argument: String, isFirst: Bool) -> UsageError {
    guard isFirst else { return UsageError("unexpected argument '\(argument)'") }
    let commands = CommandList.commands.map { $0.name }
    let hint =
      nearest(to: argument, among: commands).map { "did you mean '\($0)'?" }
      ?? "there are: \(commands.joined(separator: ", "))"
    return UsageError("unknown command '\(argument)'; \(hint)")
  }

  /// The option that `argument` names, and the text of its value, which may be the next argument.
  private static func option(
    _ argument: String, _ rest: inout ArraySlice<String>
  ) throws(UsageError) -> (any OptionDeclaration, String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let name = parts[0] == "-h" ? Options.help.name : parts[0]
    guard let option = CommandList.options.first(where: { $0.name == name }) else {
      let hint = nearest(to: name, among: CommandList.options.map(\.name)).map { "; did you mean \($0)?" } ?? ""
      throw UsageError("unknown option '\(name)'\(hint)")
    }
    guard option.placeholder != nil else {
      if parts.count > 1 { throw UsageError("\(name) takes no value, found '\(parts[1])'") }
      return (option, "")
    }
    guard let text = parts.count > 1 ? parts[1] : rest.popFirst(), !text.isEmpty else {
      throw UsageError("\(name) needs a value: \(option.synopsis)")
    }
    return (option, text)
  }
}
