import Datasets
import Files
import Foundation
import Training

/// Writes a configuration for a file.
struct Init: Command {
  static let name = "init"
  static let summary = "write a configuration for a CSV file, after a look at it"
  static let operands: [Operand] = []
  static let options: [any OptionDeclaration] = [Options.data, Options.target, Options.outputFile]
  static let discussion = """
    Looks at all rows, chooses features, loss, scaling and a network that fit, and tells what it assumed
    and what looks wrong. The configuration goes to standard output, or to a file that must not exist.
    """

  let data: String
  let target: String?
  let output: String?

  init(_ arguments: Arguments) throws(UsageError) {
    guard let data = arguments[Options.data] else { throw UsageError("--data FILE is missing") }
    if data == "-" { throw UsageError("init reads a file, which the configuration names; standard input has no name") }
    self.data = data
    target = arguments[Options.target]
    output = arguments[Options.outputFile]
  }

  func run() throws -> ExitStatus {
    let here = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    let survey = try CSVSurvey(DataFile(path: data, relativeTo: here))
    let folder = output.map { URL(fileURLWithPath: $0).deletingLastPathComponent() } ?? here
    // Paths of a configuration are relative to its folder.
    let path = folder.path == here.path || data.hasPrefix("/") ? data : URL(fileURLWithPath: data).path
    let recipe = try Recipe(survey, path: path, target: target)
    for line in recipe.assumptions + recipe.warnings { writeError("trainer: \(line)") }
    guard let output else {
      try writeOutput(String(recipe.text.dropLast()))
      return .done
    }
    guard !FileManager.default.fileExists(atPath: output) else {
      throw OutputError("\(output) exists already; name another file or remove it", isCreation: true)
    }
    try AtomicFile.write(Data(recipe.text.utf8), to: URL(fileURLWithPath: output))
    try writeOutput("wrote \(output); trainer --config \(output) trains")
    return .done
  }
}
