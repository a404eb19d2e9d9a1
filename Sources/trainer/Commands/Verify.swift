import Training

/// Trains a run again and compares the digests.
struct Verify: Command {
  static let name = "verify"
  static let summary = "train a run again and compare the digests"
  static let operands = [Operand.run]
  static let options: [any OptionDeclaration] = Options.computing + [Options.quiet]
  static let discussion = """
    Compares the digests of all epochs and of the model; nothing is written. The exit status is 0 if all
    is equal, and 1 after naming the first epoch that differs.
    """

  let path: String
  let options: Run.Options
  let isQuiet: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    path = arguments.operands[0]
    options = try arguments.runOptions()
    isQuiet = arguments.has(Options.quiet)
  }

  func run() throws -> ExitStatus {
    let verification = try Verification(path, options: options)
    if let notice = verification.notice { writeError("trainer: \(notice)") }
    let display = Display(
      ["verifying \(verification.directory.displayName)"], epochs: verification.epochs, isQuiet: isQuiet)
    display.showStart()
    while let event = try verification.advance() { display.show(event) }
    display.clear()
    try writeOutput(Report.text(verification))
    if case .equal = verification.result { return .done }
    return .runFailed
  }
}
