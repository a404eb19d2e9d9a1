import ConfigurationSchema
import Foundation
import Training

/// The command `trainer`.
@main
enum Trainer {
  static func main() {
    ignoreWriteSignals()
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  private static func run(_ arguments: [String]) -> ExitStatus {
    do {
      switch try Arguments(arguments).command {
      case .help:
        try write(Arguments.help)
        return .done
      case .version:
        try write("trainer \(Arguments.version)")
        return .done
      case .train(let options):
        return try train(options)
      }
    } catch {
      writeError("trainer: \(error)")
      return ExitStatus(error)
    }
  }

  private static func train(_ options: TrainOptions) throws -> ExitStatus {
    var configuration = try RunConfiguration(file: options.configuration, overrides: options.overrides)
    if case .workers(let count) = options.run.execution { configuration.parallel.workers = count }
    let run = try Run(configuration, options: options.run)
    // Only now: while data is read, a signal ends the program at once.
    let signals = SignalWatch()
    let display = Display(run, isQuiet: options.isQuiet)
    display.showStart()
    while let event = try run.advance() {
      display.show(event)
      if let signal = signals.received {
        display.clear()
        let summary = try run.finish()
        try write(Report.text(run, summary, interruptedBy: signal))
        return signal.exitStatus
      }
    }
    display.clear()
    try write(Report.text(run, try run.finish(), interruptedBy: nil))
    return .done
  }
}

/// Writes lines to standard output.
private func write(_ text: String) throws {
  do {
    try FileHandle.standardOutput.write(contentsOf: Data((text + "\n").utf8))
  } catch {
    throw FileError("write to", "standard output", error)
  }
}

/// Writes a line to standard error.
func writeError(_ line: String) {
  try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
}
