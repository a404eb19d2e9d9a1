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
      case .train(let source, let options): return try train(source, options)
      case .verify(let path, let options): return try verify(path, options)
      case .compare(let first, let second):
        let comparison = try Comparison(first, second)
        try write((comparison.lines + [comparison.verdict]).joined(separator: "\n"))
        return comparison.isEqual ? .done : .runFailed
      }
    } catch {
      writeError("trainer: \(error)")
      return ExitStatus(error)
    }
  }

  private static func train(_ source: RunSource, _ options: CommandOptions) throws -> ExitStatus {
    let run: Run
    switch source {
    case .configuration(let path):
      run = try Run(RunConfiguration(file: path, overrides: options.overrides), options: options.run)
    case .resume(let path):
      run = try Run(resuming: path, overrides: options.overrides, options: options.run)
    }
    // Only now: while data is read, a signal ends the program at once.
    let signals = SignalWatch()
    if let damage = run.damage { writeError("trainer: \(damage)") }
    let display = Display(
      Report.heading(run), epochs: run.configuration.training.epochs, firstShare: run.fraction, isQuiet: options.isQuiet
    )
    display.showStart()
    while let event = try run.advance() {
      display.show(event)
      if let signal = signals.received, !run.isOver {
        display.clear()
        let summary = try run.finish()
        // All is saved, so the status is that of the signal, even if nobody reads the report any more.
        try? write(Report.text(run, summary, interruptedBy: signal))
        return signal.exitStatus
      }
    }
    display.clear()
    try write(Report.text(run, try run.finish(), interruptedBy: nil))
    return .done
  }

  private static func verify(_ path: String, _ options: CommandOptions) throws -> ExitStatus {
    let verification = try Verification(path, options: options.run)
    if let notice = verification.notice { writeError("trainer: \(notice)") }
    let display = Display(
      ["verifying \(verification.directory.displayName)"], epochs: verification.epochs, isQuiet: options.isQuiet)
    display.showStart()
    while let event = try verification.advance() { display.show(event) }
    display.clear()
    try write(Report.text(verification))
    if case .equal = verification.result { return .done }
    return .runFailed
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
