import Training

/// Trains: a new run, or one that was interrupted.
struct Train: Command {
  /// What is trained.
  enum Source: Equatable {
    /// A new run, from the configuration in a file.
    case configuration(String)
    /// The run in a folder, from its last state on.
    case resume(String)
    /// The run of a configuration in the folder of the options: a new one, or one that has begun there.
    case begunOrNew(String)
  }

  static let name = "train"
  static let summary = "train a network, or go on with a run; also where no command is named"
  static let operands: [Operand] = []
  static let options: [any OptionDeclaration] =
    [Options.config, Options.resume, Options.continue, Options.dryRun, Options.set] + Options.computing
    + [Options.output, Options.quiet]
  static let usages = [
    "[train] --config FILE [options]", "[train] --resume RUN [options]",
    "[train] --config FILE --output DIR --continue [options]",
  ]
  static let discussion = """
    A new run is trained as a configuration says; another goes on from its last state. Both write the
    model to the run directory. Standard output ends with the line 'model SHA256 PATH'.

    A signal (Ctrl-C, SIGTERM, SIGHUP) ends the run in order: state and model are saved as they are.

    The model depends on the configuration, the data and the seed alone: not on workers or instructions.
    """

  private(set) var source: Source
  let overrides: [(key: String, value: String)]
  let options: Run.Options
  let isQuiet: Bool
  let isDry: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    switch (arguments[Options.config], arguments[Options.resume]) {
    case (let file?, nil): source = .configuration(file)
    case (nil, let run?): source = .resume(run)
    case (nil, nil): throw UsageError("--config FILE is missing, or --resume RUN")
    case (_?, _?): throw UsageError("--config and --resume exclude each other")
    }
    overrides = arguments.all(Options.set)
    options = try arguments.runOptions()
    isQuiet = arguments.has(Options.quiet)
    isDry = arguments.has(Options.dryRun)
    if case .resume = source, options.output != nil {
      throw UsageError("--output has no effect with --resume: a run goes on in its folder")
    }
    if isDry && arguments.has(Options.continue) { throw UsageError("--dry-run and --continue exclude each other") }
    if case .resume = source, isDry {
      throw UsageError("--dry-run needs --config FILE; a run that has begun was checked")
    }
    if arguments.has(Options.continue) {
      guard case .configuration(let file) = source, options.output != nil else {
        throw UsageError("--continue needs --config FILE and --output DIR")
      }
      source = .begunOrNew(file)
    }
  }

  func run() throws -> ExitStatus {
    if case .configuration(let path) = source, isDry {
      try writeOutput(Report.text(DryRun(RunConfiguration(file: path, overrides: overrides), options)))
      return .done
    }
    guard case .begunOrNew = source else { return try train() }
    do {
      let status = try train()
      // The state is saved, and the same command goes on.
      return [.hungUp, .interrupted, .terminated].contains(status) ? .tryAgain : status
    } catch let error as OutputError where error.isLocked {
      writeError("trainer: \(error)")
      return .tryAgain
    }
  }

  private func train() throws -> ExitStatus {
    let run: Run
    switch source {
    case .begunOrNew(let path):
      run = try Run.continuing(RunConfiguration(file: path, overrides: overrides), options: options)
    case .configuration(let path):
      run = try Run(RunConfiguration(file: path, overrides: overrides), options: options)
    case .resume(let path):
      run = try Run(resuming: path, overrides: overrides, options: options)
    }
    // Only now: while data is read, a signal ends the program at once.
    let signals = SignalWatch()
    for notice in run.notices { writeError("trainer: \(notice)") }
    if let damage = run.damage { writeError("trainer: \(damage)") }
    let display = Display(
      Report.heading(run), epochs: run.configuration.training.epochs, firstShare: run.fraction, isQuiet: isQuiet)
    display.showStart()
    while let event = try run.advance() {
      display.show(event)
      if let signal = signals.received, !run.isOver {
        display.clear()
        let summary = try run.finish()
        // All is saved, so the status is that of the signal, even if nobody reads the report any more.
        try? writeOutput(Report.text(run, summary, interruptedBy: signal))
        return signal.exitStatus
      }
    }
    display.clear()
    try writeOutput(Report.text(run, try run.finish(), interruptedBy: nil))
    return .done
  }
}
