import ConfigurationSchema
import Training

/// Measures the model of a run.
struct Evaluate: Command {
  static let name = "evaluate"
  static let summary = "measure the model of a run on its test data or on a file"
  static let operands = [Operand.run]
  static let options: [any OptionDeclaration] = [Options.data, Options.worst, Options.format] + Options.computing
  static let discussion = """
    Prints all metrics that fit the targets, the confusion matrix, and the samples that are predicted
    worst, by their rows in the data. Without --data it takes the test data of the run, or else its
    validation data; a file is CSV with the columns of the training data. '--format json' prints the
    same as JSON.
    """

  let path: String
  let data: String?
  let worst: Int
  let isJSON: Bool
  let options: Run.Options

  init(_ arguments: Arguments) throws(UsageError) {
    path = arguments.operands[0]
    data = arguments[Options.data]
    if data == "-" { throw UsageError("evaluate reads no standard input; --data FILE names a file") }
    worst = arguments[Options.worst] ?? 5
    let format = arguments[Options.format] ?? "text"
    guard ["text", "json"].contains(format) else {
      throw UsageError("--format needs one of text, json, found '\(format)'")
    }
    isJSON = format == "json"
    options = try arguments.runOptions()
  }

  func run() throws -> ExitStatus {
    let stored = try StoredModel(path)
    let evaluation = try ModelEvaluation(stored, data: data, options, worst: worst)
    try writeOutput(isJSON ? evaluation.json.compactText : Report.text(evaluation, of: stored.name))
    return .done
  }
}

extension Report {
  /// What an evaluation came to.
  static func text(_ evaluation: ModelEvaluation, of name: String) -> String {
    var lines = ["\(name): \(evaluation.subject)"]
    let summary = evaluation.summary
    let width = max(4, summary.metrics.map(\.metric.name.count).max() ?? 0)
    func line(_ name: String, _ value: String) -> String {
      "  " + name.padding(toLength: width, withPad: " ", startingAt: 0) + "  " + value
    }
    lines.append(line("loss", number(summary.meanLoss)))
    lines += summary.metrics.map { line($0.metric.name, $0.metric.isShare ? percent($0.value) : number($0.value)) }
    if let confusion = summary.confusion {
      lines.append("confusion matrix, a row for each true class:")
      lines += table(confusion, classes: evaluation.names, columns: Terminal.columns)
    }
    let matrices = summary.labelConfusions
    if !matrices.isEmpty {
      lines.append("of each label precision, recall and F1, and how often it is true:")
      let first = evaluation.names.map(\.count).max() ?? 0
      for (name, matrix) in zip(evaluation.names, matrices) {
        let shares = [matrix.precision(1), matrix.recall(1), matrix.f1(1)].map(percent).joined(separator: "  ")
        lines.append(
          "  " + name.padding(toLength: first, withPad: " ", startingAt: 0)
            + "  \(shares)  \(number(matrix.support(1)))")
      }
    }
    if !evaluation.worst.isEmpty {
      lines.append("predicted worst:")
      lines += evaluation.worst.map {
        "  row \($0.row): \($0.truth), predicted \($0.prediction), cost \(number($0.badness))"
      }
    }
    return lines.joined(separator: "\n")
  }
}
