import Foundation
import Training

/// The program `trainer`.
@main
enum Trainer {
  static let version = "0.1.0"

  static func main() {
    ignoreWriteSignals()
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  private static func run(_ arguments: [String]) -> ExitStatus {
    do {
      switch try Request(arguments) {
      case .command(let command): return try command.run()
      case .text(let text):
        try writeOutput(text)
        return .done
      }
    } catch {
      writeError("trainer: \(error)")
      return ExitStatus(error)
    }
  }
}

/// Writes lines to standard output.
func writeOutput(_ text: String) throws {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  } catch {
    throw OutputError("write to", "standard output", error)
  }
}

/// Writes a line to standard error.
func writeError(_ line: String) {
  try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
}
