/// What `--help` shows, made of the declarations of commands, options and exit statuses.
enum Help {
  /// `trainer --help`.
  static var overview: String {
    let usages = CommandList.standard.usages + ["COMMAND …"]
    return """
      Trains neural networks on the CPU, with the same bits every time.

      \(usage(usages))

      \(table(CommandList.commands.map { ($0.name, $0.summary) }))

      'trainer COMMAND --help' shows the options of a command: 'trainer \(CommandList.standard.name) --help'.

      exit status:
      \(table(ExitStatus.allCases.map { (String($0.rawValue), $0.meaning) }))
      """
  }

  /// `trainer COMMAND --help`.
  static func text(of command: any Command.Type) -> String {
    let summary = command.summary.prefix(1).uppercased() + command.summary.dropFirst() + "."
    var operands: [Operand] = []
    for operand in command.operands where !operands.contains(where: { $0.name == operand.name }) {
      operands.append(operand)
    }
    var entries = operands.map { ($0.name, $0.help) }
    entries += (command.options + CommandList.commonOptions).map { ($0.synopsis, $0.help) }
    let parts = [String(summary), usage(command.usages), command.discussion, table(entries)]
    return parts.filter { !$0.isEmpty }.joined(separator: "\n\n")
  }

  private static func usage(_ usages: [String]) -> String {
    "usage: " + usages.map { "trainer \($0)" }.joined(separator: "\n       ")
  }

  /// Entries and what they are, which may have several lines, in two columns.
  private static func table(_ entries: [(name: String, text: String)]) -> String {
    let width = entries.map(\.name.count).max() ?? 0
    return entries.map { name, text in
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
      return lines.enumerated().map { index, line in
        "  " + (index == 0 ? name : "").padded(to: width) + "  " + line
      }.joined(separator: "\n")
    }.joined(separator: "\n")
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String { self + String(repeating: " ", count: max(width - count, 0)) }
}
