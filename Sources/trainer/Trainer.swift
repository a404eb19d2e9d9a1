import ConfigurationSchema
import Foundation
import Training

/// The command `trainer`.
@main
enum Trainer {
  static func main() {
    ignoreFileSizeSignal()
    exit(run(Array(CommandLine.arguments.dropFirst())).rawValue)
  }

  private static func run(_ arguments: [String]) -> ExitStatus {
    do {
      switch try Arguments(arguments).command {
      case .help:
        print(Arguments.help)
        return .done
      case .version:
        print("trainer \(Arguments.version)")
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
    let configuration = try RunConfiguration(file: options.configuration, overrides: options.overrides)
    let signals = SignalWatch()
    let run = try Run(configuration, options: options.run)
    let display = Display(run, isQuiet: options.isQuiet)
    display.showStart()
    while let event = try run.advance() {
      display.show(event)
      if let signal = signals.received {
        display.clear()
        let summary = try run.finish()
        print(Report.text(run, summary, interruptedBy: signal))
        return signal.exitStatus
      }
    }
    display.clear()
    print(Report.text(run, try run.finish(), interruptedBy: nil))
    return .done
  }
}

/// Writes a line to standard error.
func writeError(_ line: String) {
  try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
}
