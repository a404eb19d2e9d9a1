import ConfigurationSchema
import Foundation
import Training

/// The options of all commands, in alphabetical order. A command lists those that it takes.
enum Options {
  static let config = Option(
    "--config", "FILE", isUnique: true, help: "the configuration, JSON; paths inside it are relative to the file")

  static let `continue` = Option(
    flag: "--continue",
    help: """
      begin the run in --output, or go on if it has begun there;
      the exit status is 75 when the command is to be given again
      """)

  static let data = Option(
    "--data", "FILE", isUnique: true, help: "the rows, CSV with a line of names; '-' is standard input")

  static let dryRun = Option(
    flag: "--dry-run", help: "check everything and read the data, tell what would be trained, and stop")

  static let format = Option(
    "--format", "NAME", isUnique: true, help: "the format of what is written; default: by the ending of its file")

  static let help = Option(flag: "--help", help: "show this text")

  static let instructionSet = Option(
    "--instruction-set", "NAME", help: "portable, avx2, avx512 or neon; default: the best of this machine"
  ) { text throws(UsageError) in
    guard let set = InstructionSet(rawValue: text) else {
      let names = InstructionSet.allCases.map(\.rawValue)
      let hint = nearest(to: text, among: names).map { "; did you mean '\($0)'?" } ?? ""
      throw UsageError("--instruction-set needs one of \(names.joined(separator: ", ")), found '\(text)'\(hint)")
    }
    return set
  }

  static let metric = Option(
    "--metric", "NAME", isUnique: true, help: "what runs are compared by, such as test.f1 or validation.loss")

  static let output = Option(
    "--output", "DIR", help: "the run directory; default: the first free runs/NAME-1, runs/NAME-2, …")

  static let outputFile = Option("--output", "FILE", help: "where to write; default: standard output")

  static let quiet = Option(flag: "--quiet", help: "show no progress")

  static let reference = Option(flag: "--reference", help: "all keys as a page of Markdown instead")

  static let resume = Option(
    "--resume", "RUN", isUnique: true,
    help: "the folder of a run that was interrupted; training.epochs may be changed")

  static let set = Option(
    "--set", "KEY=VALUE",
    help: """
      override one key; may be repeated:
      --set optimizer.learningRate=0.05 --set network.layers[0].units=64
      """
  ) { text throws(UsageError) in
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      throw UsageError("--set needs KEY=VALUE, found '\(text)'")
    }
    let key = String(text[..<equals])
    guard ConfigurationPath(parsing: key) != nil else {
      throw UsageError("--set: '\(key)' is not a key like network.layers[0].units")
    }
    return (key: key, value: String(text[text.index(after: equals)...]))
  }

  static let singleThread = Option(
    flag: "--single-thread", help: "compute on the calling thread, without Dispatch")

  static let target = Option(
    "--target", "COLUMN", isUnique: true, help: "the column to predict; default: by its name, or the last one")

  static let version = Option(flag: "--version", help: "show the version")

  static let worst = Option("--worst", "N", help: "how many of the worst samples to tell; default: 5") {
    text throws(UsageError) in
    guard let count = Int(text), (0...1_000_000).contains(count) else {
      throw UsageError("--worst needs a number from 0 to 1000000, found '\(text)'")
    }
    return count
  }

  static let workers = Option(
    "--workers", "N", help: "how many workers; 'auto' (default) finds the fastest number"
  ) { text throws(UsageError) in
    guard let count = WorkerCount(text) else {
      throw UsageError("--workers needs 'auto' or a number from 1 to \(WorkerCount.maximum), found '\(text)'")
    }
    return count
  }

  /// Those that say where to compute, which no result depends on; `Arguments.runOptions` reads them.
  static let computing: [any OptionDeclaration] = [workers, singleThread, instructionSet]
}

extension Arguments {
  /// Where to compute and where to write, as far as the command takes these options.
  func runOptions() throws(UsageError) -> Run.Options {
    let workers = self[Options.workers]
    let isSingleThread = has(Options.singleThread)
    if isSingleThread, let workers, workers != .fixed(1) {
      throw UsageError("--single-thread and --workers exclude each other")
    }
    return Run.Options(
      execution: isSingleThread ? .singleThread : workers.map { .workers($0) },
      instructionSet: self[Options.instructionSet],
      output: self[Options.output].map { URL(fileURLWithPath: $0, isDirectory: true) })
  }
}
