import Training

/// Tells where two runs part.
struct Compare: Command {
  static let name = "compare"
  static let summary = "tell where two runs part"
  static let operands = [Operand.run, Operand.run]
  static let options: [any OptionDeclaration] = []
  static let discussion = """
    Names the keys of the configuration, the data, the first epoch and the tensors that differ. The exit
    status is 0 if data, epochs and model are equal, and else 1.
    """

  let first: String
  let second: String

  init(_ arguments: Arguments) throws(UsageError) {
    first = arguments.operands[0]
    second = arguments.operands[1]
  }

  func run() throws -> ExitStatus {
    let comparison = try Comparison(first, second)
    try writeOutput((comparison.lines + [comparison.verdict]).joined(separator: "\n"))
    return comparison.isEqual ? .done : .runFailed
  }
}
