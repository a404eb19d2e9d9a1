import Training

/// Lists runs.
struct Runs: Command {
  static let name = "runs"
  static let summary = "list the runs of a folder with their results, best first"
  static let operands = [Operand(name: "DIR", help: "the folder of runs: 'runs' unless another was configured")]
  static let options: [any OptionDeclaration] = [Options.metric]
  static let discussion = """
    A run's result is its first metric on the test data, or else on the validation data; --metric names
    another one of summary.json.
    """

  let path: String
  let metric: String?

  init(_ arguments: Arguments) throws(UsageError) {
    path = arguments.operands[0]
    metric = arguments[Options.metric]
  }

  func run() throws -> ExitStatus {
    let list = try RunList(path, metric: metric)
    let rows = list.entries.map { entry in
      [
        entry.name, entry.result.map { "\($0.name) \(Report.number($0.value))" } ?? "no result",
        Report.counted(entry.epochs, "epoch"), entry.end, entry.seconds.map(Report.duration) ?? "",
        entry.sha256.map { String($0.prefix(12)) } ?? "",
      ]
    }
    try writeOutput(Report.columns(rows).joined(separator: "\n"))
    return .done
  }
}

extension Report {
  /// Rows of cells, each column as wide as its widest cell.
  static func columns(_ rows: [[String]]) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0 }
    return rows.map { row in
      let line = row.enumerated().map { column, cell in
        cell + String(repeating: " ", count: column == row.count - 1 ? 0 : widths[column] - cell.count)
      }.joined(separator: "  ")
      return line.replacing(/\ +$/, with: "")
    }
  }
}
