/// What `trainer` can be asked to do. A command is one file in this folder and one entry in `CommandList`.
///
/// Its declarations are what a command line is checked against and what its help is made of. The initializer says what operands
/// and options mean together; `run` does the work.
protocol Command: Sendable {
  /// As it stands on the command line.
  static var name: String { get }
  /// What it does, on one line.
  static var summary: String { get }
  /// What stands on the command line beside options, in order; each is required.
  static var operands: [Operand] { get }
  /// The options it takes, in the order of its help.
  static var options: [any OptionDeclaration] { get }
  /// What follows the word `trainer` in its help; by default the name, the operands and the word "options".
  static var usages: [String] { get }
  /// What its help says between the summary and the options, lines of at most 100 columns; may be empty.
  static var discussion: String { get }

  /// - Parameter arguments: the operands that were declared and some of the options.
  /// - Throws: `UsageError` if they make no sense together.
  init(_ arguments: Arguments) throws(UsageError)

  /// Does the work: results go to standard output, progress to standard error. An error becomes a sentence there and an exit
  /// status.
  func run() throws -> ExitStatus
}

extension Command {
  static var usages: [String] {
    [([name] + operands.map(\.name) + (options.isEmpty ? [] : ["[options]"])).joined(separator: " ")]
  }
}

/// What stands on the command line beside options.
struct Operand: Sendable {
  /// What it is called in help and messages.
  let name: String
  /// What it is: a phrase.
  let help: String

  static let run = Operand(name: "RUN", help: "the folder of a run")
}

/// All commands.
enum CommandList {
  /// In the order of the help.
  static let commands: [any Command.Type] = [
    Init.self, Train.self, Predict.self, Evaluate.self, Runs.self, Verify.self, Compare.self, Schema.self,
  ]
  /// The command where none is named.
  static let standard: any Command.Type = Train.self

  static func command(named name: String) -> (any Command.Type)? { commands.first { $0.name == name } }

  /// Those that every command has.
  static let commonOptions: [any OptionDeclaration] = [Options.help, Options.version]

  /// The options of all commands, each once.
  static let options: [any OptionDeclaration] = {
    var options = commonOptions
    for option in commands.flatMap({ $0.options }) where !options.contains(where: { $0.name == option.name }) {
      options.append(option)
    }
    return options
  }()
}
