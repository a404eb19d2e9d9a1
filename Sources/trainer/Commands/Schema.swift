import ConfigurationSchema
import Training

/// Prints what a configuration may say.
struct Schema: Command {
  static let name = "schema"
  static let summary = "print the JSON Schema of a configuration"
  static let operands: [Operand] = []
  static let options: [any OptionDeclaration] = [Options.reference]
  static let discussion = """
    The schema (draft 2020-12) describes all keys, their values and defaults. Editors check and complete
    a configuration that names the file with the schema as its "$schema".
    """

  let isReference: Bool

  init(_ arguments: Arguments) throws(UsageError) {
    isReference = arguments.has(Options.reference)
  }

  func run() throws -> ExitStatus {
    // `writeOutput` adds the newline at the end.
    let text = isReference ? RunConfiguration.reference : RunConfiguration.schema.text
    try writeOutput(text.hasSuffix("\n") ? String(text.dropLast()) : text)
    return .done
  }
}
